import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ByteString, bytes } from '@nx-nixpack/base';
import { openImageTree, Store } from '@nx-nixpack/oci';
import fc from 'fast-check';
import { MemoryRoot } from '../engines/memory-root.contract.js';
import { packChanges } from './pack-changes.js';
import { packTree } from './pack-tree.js';
import { appearanceOf, change, changed, tree, type Edit } from './random-trees.contract.js';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 60);
const SEED = Number(process.env['PROPERTY_SEED'] ?? 7);
const RECIPE = { ownership: { uid: 65532, gid: 65532, paths: ['/app'] }, created: 0 };

let top: string;
let store: Store;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'pack-'));
  store = Store.open(join(top, 'store'));
});
afterEach(() => rmSync(top, { recursive: true }));

const pack = async (before: MemoryRoot, after: MemoryRoot, written?: MemoryRoot) => {
  const trees = { name: 'application', base: packTree(before), before: packTree(before) } as const;
  const known = written ? { written: [packTree(written)] } : {};
  return packChanges({ ...trees, after: packTree(after), ...known }, RECIPE, store);
};

/** What was written last to a path, with the directories on the way: what an overlay's upper directory holds. */
function writtenBy(edits: readonly Edit[], after: MemoryRoot): MemoryRoot {
  const written = new MemoryRoot();
  for (const { path } of edits)
    for (const at of path
      .split('/')
      .map((_, index, parts) => parts.slice(0, index + 1).join('/'))) {
      const node = after.node(at as ByteString);
      if (node && !written.has(at as ByteString)) written.put(at as ByteString, node);
    }
  return written;
}

describe('packChanges', () => {
  it('gives a layer that makes of one tree the other', async () => {
    await fc.assert(
      fc.asyncProperty(tree, fc.array(change), async (before, edits) => {
        const after = changed(before, edits);
        const base = await pack(new MemoryRoot(), before);
        const { layer } = await pack(before, after);
        const layers = [base.layer, layer].flatMap((one) => one ?? []);
        const image = await openImageTree(layers, top);
        expect(appearanceOf(MemoryRoot.of(image))).toEqual(appearanceOf(after));
        image.close();
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('gives the same bytes whether it is told what was written or not', async () => {
    await fc.assert(
      fc.asyncProperty(tree, fc.array(change), async (before, edits) => {
        const after = changed(before, edits);
        const all = await pack(before, after);
        const some = await pack(before, after, writtenBy(edits, after));
        expect(some.layer?.digest).toBe(all.layer?.digest);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('packs nothing for equal trees', async () => {
    const root = new MemoryRoot();
    root.write(bytes`etc/a`, 'a');
    expect(await pack(root, MemoryRoot.of(root))).toEqual({ layer: undefined, entries: 0 });
  });

  it('keeps names of one file together, the first of the layer as the file', async () => {
    const before = new MemoryRoot();
    before.write(bytes`app/a`, 'same');
    const after = MemoryRoot.of(before);
    after.link(bytes`app/b`, bytes`app/a`);
    after.link(bytes`app/c`, bytes`app/a`);
    const { layer } = await pack(before, after);
    const image = await openImageTree(layer ? [layer] : [], top);
    expect([...image.list(bytes`app`)].map(({ path, size }) => [path, size])).toEqual([
      ['app/b', 4],
      ['app/c', 4],
    ]);
    image.close();
  });

  it('keeps capabilities, and takes a change of nothing else for a change', async () => {
    const program = {
      type: 'file',
      mode: 0o755,
      uid: 0,
      gid: 0,
      content: Buffer.from('x'),
    } as const;
    const capable = new Map([['security.capability', Buffer.from([1, 2, 3])]]);
    const before = new MemoryRoot();
    before.put(bytes`bin/ping`, program);
    const after = MemoryRoot.of(before);
    after.put(bytes`bin/ping`, { ...program, xattrs: capable });
    expect(await pack(before, after)).toMatchObject({ entries: 1 });
    expect(await pack(after, MemoryRoot.of(after))).toMatchObject({ entries: 0 });
  });

  it('gives the run user what the recipe names of a base, in the first layer alone', async () => {
    const base = new MemoryRoot();
    base.write(bytes`app/of-base`, 'x');
    const trees = { name: 'application', base: packTree(base), after: packTree(base) } as const;
    expect(await packChanges(trees, RECIPE, store)).toMatchObject({ entries: 2 });
    const later = { ...trees, before: packTree(base) };
    expect(await packChanges(later, RECIPE, store)).toMatchObject({ entries: 0 });
  });
});

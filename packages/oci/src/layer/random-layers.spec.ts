import {
  lstatSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareBytes, readFileBytes, walk } from '@nx-nixpack/base';
import fc from 'fast-check';
import type { Layer } from '../image.js';
import { Store } from '../store/store.js';
import { paddingOf } from '../tar/tar-format.js';
import { encodeHeader, TAR_END } from '../tar/tar-writer.js';
import { openImageTree } from '../tree/image-tree.js';
import { memoryLayer } from './memory-layer.js';
import { packLayer, type PackEntry } from './pack-layer.js';
import { unpackLayer } from './unpack-layer.js';
import { compareWalk } from './walk-order.js';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 40);
const SEED = Number(process.env['PROPERTY_SEED'] ?? 7);
const uid = process.getuid?.() ?? 0;
const gid = process.getgid?.() ?? 0;

let top: string;
let store: Store;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'random-'));
  store = Store.open(join(top, 'store'));
});
afterEach(() => rmSync(top, { recursive: true }));

/** Few names, so that layers meet: the same name as file, directory and link, in parents and at the end. */
const name = fc.constantFrom('a', 'b', 'c', 'a.b', '\xe9');
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
const whiteout = fc
  .tuple(
    fc.array(name, { maxLength: 2 }),
    fc.constantFrom('.wh.a', '.wh.b', '.wh..wh..opq', '.wh.c'),
  )
  .map(([directory, mark]) => [...directory, mark].join('/'));
const target = fc.oneof(
  path,
  path.map((text) => `/${text}`),
  fc.constantFrom('..', '../../a', '../b/../c', '/', '.'),
);

const plain = { uid, gid, size: 0 };
const fileAt = (at: string, content: string): PackEntry => ({
  ...plain,
  path: at,
  type: 'file',
  mode: 0o644,
  size: content.length,
  open: () => [Buffer.from(content)],
});
const entry: fc.Arbitrary<PackEntry> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(path, fc.stringMatching(/^[a-z]{0,9}$/))
      .map(([at, text]) => fileAt(at, text)),
  },
  {
    weight: 3,
    arbitrary: path.map((at) => ({ ...plain, path: at, type: 'directory' as const, mode: 0o750 })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ path, target })
      .map((link) => ({ ...plain, ...link, type: 'symlink' as const, mode: 0o777 })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ path, target: path })
      .map((link) => ({ ...plain, ...link, type: 'hardlink' as const, mode: 0o644 })),
  },
  { weight: 1, arbitrary: whiteout.map((at) => fileAt(at, '')) },
);

/** In any order, as foreign layers are. */
function layerOf(entries: readonly PackEntry[]): Layer {
  const parts = entries.map((each) => {
    const content = each.size === 0 ? [] : [...(each.open?.() ?? [])];
    return [encodeHeader(each, 0), ...content, Buffer.alloc(paddingOf(each.size))];
  });
  return memoryLayer(Buffer.concat([...parts.flat(), TAR_END]));
}

/** One line for each path: type, mode, and content or target. */
function onDisk(root: string, directory = ''): string[] {
  const at = (each: string) => Buffer.from(`${root}/${each}`, 'latin1');
  return readdirSync(at(directory), { encoding: 'latin1' })
    .sort(compareBytes)
    .flatMap((each) => {
      const child = directory === '' ? each : `${directory}/${each}`;
      const stats = lstatSync(at(child));
      if (stats.isSymbolicLink())
        return [`${child} -> ${readlinkSync(at(child), { encoding: 'latin1' })}`];
      if (stats.isFile()) return [`${child} = ${readFileSync(at(child), 'latin1')}`];
      return [`${child} ${stats.mode & 0o7777}`, ...onDisk(root, child)];
    });
}

async function inTree(layers: readonly Layer[]): Promise<string[]> {
  const tree = await openImageTree(layers, join(top, 'scratch'));
  try {
    return [...walk(tree)].map((each) => {
      if (each.type === 'symlink') return `${each.path} -> ${each.target ?? ''}`;
      if (each.type === 'file')
        return `${each.path} = ${readFileBytes(tree, each.path).toString('latin1')}`;
      return `${each.path} ${each.mode}`;
    });
  } finally {
    tree.close();
  }
}

async function unpacked(layers: readonly Layer[]): Promise<string[]> {
  const root = join(mkdtempSync(join(top, 'run-')), 'root');
  mkdirSync(root);
  for (const layer of layers) await unpackLayer(layer, root);
  // Links lead to `..` and `/`: nothing may have appeared beside the root.
  expect(readdirSync(join(root, '..'))).toEqual(['root']);
  return onDisk(root);
}

/** The outcome, or that it was refused. Any other failure is a bug. */
async function outcome(work: Promise<string[]>): Promise<string[] | 'refused'> {
  try {
    return await work;
  } catch (error) {
    if ((error as { code?: string }).code === 'BASE_INVALID') return 'refused';
    throw error;
  }
}

describe('random layers', () => {
  it('mean the same unpacked on the disk and merged in memory', async () => {
    const stacks = fc.array(fc.array(entry, { maxLength: 8 }), { minLength: 1, maxLength: 3 });
    const property = fc.asyncProperty(stacks, async (stack) => {
      const layers = stack.map(layerOf);
      expect(await outcome(inTree(layers))).toEqual(await outcome(unpacked(layers)));
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  });

  it('of ours have the same digest whenever they are packed, and are read as they were', async () => {
    const trees = fc.uniqueArray(entry, { selector: (each) => each.path, maxLength: 12 });
    const property = fc.asyncProperty(trees, async (entries) => {
      const sorted = [...entries].sort((a, b) => compareWalk(a.path, b.path));
      const layer = await packLayer(sorted, store, { mtime: 0 });
      const again = await packLayer(sorted, store, { mtime: 0 });
      expect([again.digest, again.diffId]).toEqual([layer.digest, layer.diffId]);
      expect(await outcome(inTree([layer]))).toEqual(await outcome(inTree([layerOf(sorted)])));
    });
    await fc.assert(property, { seed: SEED, numRuns: Math.ceil(RUNS / 5) });
  });
});

describe('damaged layers', () => {
  const sample = Buffer.concat([
    encodeHeader({ ...plain, path: 'd', type: 'directory', mode: 0o755 }, 0),
    encodeHeader(
      {
        ...plain,
        path: `d/${'n'.repeat(200)}\xff`,
        type: 'symlink',
        mode: 0o777,
        target: 't'.repeat(120),
      },
      0,
    ),
    encodeHeader({ ...fileAt('d/f', 'content') }, 0),
    Buffer.from('content'.padEnd(512, '\0')),
    encodeHeader({ ...plain, path: 'd/h', type: 'hardlink', mode: 0o644, target: 'd/f' }, -1),
    TAR_END,
  ]);
  const spot = fc.integer({ min: 0, max: sample.byteLength - 1 });
  const change = fc.tuple(spot, fc.integer({ min: 0, max: 255 }));

  it('are read or refused, and nothing else happens', async () => {
    const property = fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 6 }),
      spot,
      fc.boolean(),
      async (changes, end, cut) => {
        const damaged = Buffer.from(cut ? sample.subarray(0, end) : sample);
        for (const [at, byte] of changes) if (at < damaged.byteLength) damaged[at] = byte;
        sealHeaders(damaged);
        const [tree, disk] = [
          await outcome(inTree([memoryLayer(damaged)])),
          await outcome(unpacked([memoryLayer(damaged)])),
        ];
        expect(tree).toEqual(disk);
      },
    );
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  });

  /** Gives every block that may be a header a right checksum, so that damage gets past it. */
  function sealHeaders(tar: Buffer): void {
    for (let at = 0; at + 512 <= tar.byteLength; at += 512) {
      if (tar.toString('latin1', at + 257, at + 262) !== 'ustar') continue;
      tar.write('        ', at + 148, 'latin1');
      const sum = tar.subarray(at, at + 512).reduce((total, byte) => total + byte, 0);
      tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1');
    }
  }
});

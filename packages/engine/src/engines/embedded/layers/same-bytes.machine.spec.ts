import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bytes, bytesOf, type ByteString, walk } from '@nx-nixpack/base';
import { Store } from '@nx-nixpack/oci';
import fc from 'fast-check';
import { execaRunner } from '../../../../../sdk/src/system/execa-runner.js';
import type { MemoryRoot } from '../../memory-root.contract.js';
import { packChanges } from '../../../pack/pack-changes.js';
import { packTree } from '../../../pack/pack-tree.js';
import { change, tree, type Edit } from '../../../pack/random-trees.contract.js';
import { diskPath } from '../trees/disk.js';
import { MountedTree } from '../trees/mounted-tree.js';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 25);
const RECIPE = { ownership: { uid: 65532, gid: 65532, paths: ['/app'] }, created: 0 };

/** Deletes, replaced types, hard links, set-id bits, capabilities, sparse files, names that are not UTF-8. */
const ODD = `
mkdir -p keep deep/a gone && echo keep > keep/file && echo x > deep/a/x && cp /usr/bin/cat capable && ln keep/file keep/second
`;
const ODDER = `
rm -r gone deep && mkdir deep && echo new > deep/c && touch keep/file && echo more >> keep/second && ln keep/file third
mkfifo pipe && mknod device c 1 3 && truncate -s 100000 sparse && : > $'bad\\xff\\nname' && chmod 4755 capable
setcap cap_net_raw+ep capable && ln -s nowhere dangling && mkdir -p tmp var/log && echo v > tmp/v && echo v > var/log/dpkg.log
echo one > link1 && ln link1 link2 && ln link1 link0 && chown 12:34 keep && mkdir -p app && echo a > app/a
`;

let top: string;
let store: Store;
const at = (name: string): string => join(top, name);
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'same-bytes-'));
  store = Store.open(at('store'));
  for (const name of ['lower', 'upper', 'work', 'merged', 'scratch']) mkdirSync(at(name));
});
afterEach(() => {
  spawnSync('umount', [at('merged')]);
  rmSync(top, { recursive: true });
});

function succeed(file: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(file, args, { cwd: top });
  if (status !== 0) throw new Error(`${file}: ${String(stderr)}`);
}

const mount = (): void =>
  succeed(
    'mount',
    '-t',
    'overlay',
    '-o',
    'lowerdir=lower,upperdir=upper,workdir=work',
    'x',
    'merged',
  );

const mounted = (name: string) =>
  new MountedTree({ runner: execaRunner, scratch: at('scratch') }, diskPath(at(name)));

/** As the embedded engine packs: it knows what was written. */
async function fast(): Promise<string | undefined> {
  const lower = mounted('lower');
  const written = [mounted('upper')];
  const trees = { name: 'application', base: lower, before: lower, written } as const;
  const { layer } = await packChanges({ ...trees, after: mounted('merged') }, RECIPE, store);
  return layer?.digest;
}

/** As an engine that hands back a file system: a copy of it, and nothing else is known. */
async function slow(): Promise<string | undefined> {
  succeed('cp', '--archive', 'merged', 'copy');
  const lower = mounted('lower');
  const trees = { name: 'application', base: lower, before: lower } as const;
  const { layer } = await packChanges({ ...trees, after: mounted('copy') }, RECIPE, store);
  return layer?.digest;
}

describe('a change over an overlay', () => {
  it('is the same layer whether the engine knows what was written or hands back the whole tree', async () => {
    succeed('bash', '-ec', `cd lower; ${ODD}`);
    mount();
    succeed('bash', '-ec', `cd merged; ${ODDER}`);
    const digest = await fast();
    expect(digest).toMatch(/^sha256:/);
    expect(await slow()).toBe(digest);
  });

  it('is the same layer for random trees and edits', async () => {
    await fc.assert(
      fc.asyncProperty(tree, fc.array(change), async (before, edits) => {
        for (const [path, entry] of entriesOf(before)) put('lower', path, entry);
        mount();
        for (const edit of edits) unlessRefused(() => carryOut(edit));
        const digest = await fast();
        expect(await slow()).toBe(digest);
        succeed('umount', 'merged');
        for (const name of ['lower', 'upper', 'work', 'copy'])
          rmSync(at(name), { recursive: true });
        for (const name of ['lower', 'upper', 'work']) mkdirSync(at(name));
      }),
      { numRuns: RUNS, seed: Number(process.env['PROPERTY_SEED'] ?? 7) },
    );
  });

  it('is the same layer from trees of any other kind', async () => {
    succeed('bash', '-ec', `cd lower; ${ODD}`);
    mount();
    succeed('bash', '-ec', `cd merged; ${ODDER.replace(/^setcap [^&]*&& /m, '')}`);
    const [before, after] = [mounted('lower'), mounted('merged')].map((one) => packTree(one));
    if (before === undefined || after === undefined) throw new Error('two trees were made');
    const trees = { name: 'application', base: before, before, after } as const;
    expect((await packChanges(trees, RECIPE, store)).layer?.digest).toBe(await fast());
  });
});

const entriesOf = (root: MemoryRoot) =>
  [...walk(root)].map((entry) => [entry.path, { root, entry }] as const);

const place = (name: string, path: string): Buffer =>
  Buffer.concat([Buffer.from(`${at(name)}/`), bytesOf(path as ByteString)]);

function put(
  where: string,
  path: string,
  { root, entry }: ReturnType<typeof entriesOf>[number][1],
): void {
  const target = place(where, path);
  if (entry.type === 'directory') mkdirSync(target);
  else if (entry.type === 'symlink') symlinkSync(bytesOf(entry.target ?? bytes``), target);
  else if (entry.type === 'hardlink') linkSync(place(where, entry.target ?? ''), target);
  else writeFileSync(target, Buffer.concat([...root.open(path as ByteString)]));
  if (entry.type === 'directory' || entry.type === 'file') chmodSync(target, entry.mode);
}

/** What a real file system refuses is not done. */
function unlessRefused(work: () => void): void {
  try {
    work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/** A link on the way would lead out of the tree. */
function isInside(path: string): boolean {
  const parts = path.split('/').slice(0, -1);
  const ways = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  const isLink = (way: string): boolean =>
    lstatSync(place('merged', way), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  return !ways.some(isLink);
}

function carryOut(edit: Edit): void {
  if (!isInside(edit.path) || (edit.kind === 'link' && !isInside(edit.existing))) return;
  const target = place('merged', edit.path);
  if (edit.kind === 'remove') return rmSync(target, { recursive: true, force: true });
  if (edit.kind === 'link') return linkSync(place('merged', edit.existing), target);
  const there = lstatSync(target, { throwIfNoEntry: false });
  if (there && !(there.isDirectory() && edit.kind === 'directory'))
    rmSync(target, { recursive: true });
  mkdirSync(place('merged', dirname(edit.path)), { recursive: true });
  if (edit.kind === 'symlink') return symlinkSync(bytesOf(edit.target as ByteString), target);
  if (edit.kind === 'file') writeFileSync(target, edit.text);
  else mkdirSync(target, { recursive: true });
  chmodSync(target, edit.mode);
}

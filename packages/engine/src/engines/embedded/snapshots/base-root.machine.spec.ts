import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, type Stats } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytes, bytesOf, type ByteString, encodeText, silent } from '@nx-nixpack/base';
import { packLayer, Store, type PackEntry } from '@nx-nixpack/oci';
import { diskTree } from '../../../../../sdk/src/system/disk-tree.js';
import { execaRunner } from '../../../../../sdk/src/system/execa-runner.js';
import { HERE, NO_HOST, recipe, run, stage } from '../../requests.contract.js';
import { hostBase } from '../../host-base.contract.js';
import { sourceWorker } from '../build-once.contract.js';
import { embeddedEngine } from '../embedded-engine.js';
import { baseRoot } from './base-root.js';
import { onDisk } from '../trees/disk.js';
import { layerParts } from '@nx-nixpack/oci';
import { emptyTrash } from './session.js';
import { Snapshots, type Snapshot } from './snapshots.js';

let top: string;
let store: Store;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'base-root-'));
  for (const name of ['outside', 'session']) mkdirSync(join(top, name), { mode: 0o700 });
  store = Store.open(join(top, 'store'));
});
afterEach(() => rmSync(top, { recursive: true }));

const entry = (path: ByteString, more: Partial<PackEntry> = {}): PackEntry => ({
  path,
  type: 'directory',
  mode: 0o755,
  uid: 0,
  gid: 0,
  size: 0,
  ...more,
});

const snapshots = (): Snapshots =>
  new Snapshots({
    directory: join(top, 'snapshots'),
    trash: join(top, 'trash'),
    scrutiny: 'used',
    onDamaged: () => {},
  });

async function unpacked(...entries: readonly PackEntry[]): Promise<Snapshot> {
  const layer = await packLayer(entries, store, { mtime: 1000 });
  const ports = {
    runner: execaRunner,
    store,
    snapshots: snapshots(),
    session: join(top, 'session'),
    locks: join(top, 'session'),
    onStep: () => {},
    onWait: () => {},
  };
  return baseRoot(ports, [layerParts(layer)]);
}

const stats = ({ tree }: Snapshot, path: ByteString): Stats =>
  lstatSync(Buffer.concat([onDisk(tree), bytesOf(bytes`/${path}`)]));

describe('baseRoot', () => {
  it('makes no device beside the root, however its name is spelled', async () => {
    const replacement = encodeText('\ufffd');
    const device = { type: 'block-device', mode: 0o640, gid: 6, device: [7, 77] } as const;
    const snapshot = await unpacked(
      entry(replacement, {
        type: 'symlink',
        mode: 0o777,
        target: join(top, 'outside') as ByteString,
      }),
      entry('\xff' as ByteString),
      entry('\xff/x' as ByteString, device),
    );
    expect(readdirSync(join(top, 'outside'))).toEqual([]);
    const made = stats(snapshot, '\xff/x' as ByteString);
    expect([made.isBlockDevice(), made.rdev, made.mode & 0o7777, made.uid, made.gid]).toEqual([
      true,
      (7 << 8) | 77,
      0o640,
      0,
      6,
    ]);
    expect(made.mtimeMs).toBe(1_000_000);
  });

  it('takes directories as deep as layers may have them', async () => {
    const path = `${'d/'.repeat(1500)}f`;
    const snapshot = await unpacked(entry(path as ByteString, { type: 'fifo', mode: 0o600 }));
    expect(stats(snapshot, path as ByteString).isFIFO()).toBe(true);
    snapshots().verify(snapshot);
    emptyTrash(join(top, 'snapshots'), Infinity);
    expect(readdirSync(join(top, 'snapshots'))).toEqual([]);
  });

  it('leaves nothing but the tree, and lets only its owner reach it', async () => {
    const snapshot = await unpacked(
      entry(bytes`dev`),
      entry(bytes`dev/null`, { type: 'character-device', mode: 0o666, device: [1, 3] }),
      entry(bytes`pipe`, { type: 'fifo', mode: 0o622 }),
    );
    expect(stats(snapshot, bytes`dev/null`).mode & 0o7777).toBe(0o666);
    expect(stats(snapshot, bytes`pipe`).isFIFO()).toBe(true);
    expect(lstatSync(join(top, 'snapshots')).mode & 0o777).toBe(0o700);
    const [name] = readdirSync(join(top, 'snapshots'));
    expect(readdirSync(join(top, 'snapshots', name ?? '')).sort()).toEqual(['seal', 'tree']);
  });
});

describe('a device of a base', () => {
  it('is there for a build step, which cannot open it', async () => {
    const base = await hostBase(execaRunner, store);
    // What reading gives is known, and nothing is harmed when it works.
    const zero = { type: 'character-device', mode: 0o666, device: [1, 5] } as const;
    const layer = await packLayer([entry(bytes`opt/zero`, zero)], store, { mtime: 0 });
    const lines: string[] = [];
    mkdirSync(join(top, 'source'));
    await embeddedEngine({ runner: execaRunner, worker: () => sourceWorker() }).build({
      recipe: recipe([stage([run('stat -c %F /opt/zero; head -c 1 /opt/zero || echo closed')])]),
      source: diskTree(join(top, 'source')),
      bases: { build: base.append(layer) },
      platform: HERE,
      storeDirectory: join(top, 'build-store'),
      secrets: new Map(),
      host: NO_HOST,
      progress: { ...silent, output: (line) => void lines.push(line) },
      signal: new AbortController().signal,
    });
    expect(lines).toContain('character special file');
    expect(lines).toContain('closed');
  });
});

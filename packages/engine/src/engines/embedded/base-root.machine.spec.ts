import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, type Stats } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesOf, encodeText, type ByteString } from '@nx-nixpack/base';
import { packLayer, Store, type PackEntry } from '@nx-nixpack/oci';
import { execaRunner } from '../../../../sdk/src/system/execa-runner.js';
import { baseRoot } from './base-root.js';
import { onDisk } from './disk.js';
import { layerParts } from './layer-parts.js';
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

async function unpacked(...entries: readonly PackEntry[]): Promise<Snapshot> {
  const layer = await packLayer(entries, store, { mtime: 1000 });
  const ports = {
    runner: execaRunner,
    store,
    snapshots: new Snapshots(join(top, 'snapshots'), join(top, 'trash')),
    session: join(top, 'session'),
    locks: join(top, 'session'),
    onStep: () => {},
    onWait: () => {},
  };
  return baseRoot(ports, [layerParts(layer)]);
}

const stats = ({ tree }: Snapshot, path: ByteString): Stats =>
  lstatSync(Buffer.concat([onDisk(tree), bytesOf(`/${path}`)]));

describe('baseRoot', () => {
  it('makes no device beside the root, however its name is spelled', async () => {
    const replacement = encodeText('\ufffd');
    const device = { type: 'block-device', mode: 0o640, gid: 6, device: [7, 77] } as const;
    const snapshot = await unpacked(
      entry(replacement, { type: 'symlink', mode: 0o777, target: join(top, 'outside') }),
      entry('\xff'),
      entry('\xff/x', device),
    );
    expect(readdirSync(join(top, 'outside'))).toEqual([]);
    const made = stats(snapshot, '\xff/x');
    expect([made.isBlockDevice(), made.rdev, made.mode & 0o7777, made.uid, made.gid]).toEqual([
      true,
      (7 << 8) | 77,
      0o640,
      0,
      6,
    ]);
    expect(made.mtimeMs).toBe(1_000_000);
  });

  it('leaves nothing but the tree, and lets only its owner reach it', async () => {
    const snapshot = await unpacked(
      entry('dev'),
      entry('dev/null', { type: 'character-device', mode: 0o666, device: [1, 3] }),
      entry('pipe', { type: 'fifo', mode: 0o622 }),
    );
    expect(stats(snapshot, 'dev/null').mode & 0o7777).toBe(0o666);
    expect(stats(snapshot, 'pipe').isFIFO()).toBe(true);
    expect(lstatSync(join(top, 'snapshots')).mode & 0o777).toBe(0o700);
    const [name] = readdirSync(join(top, 'snapshots'));
    expect(readdirSync(join(top, 'snapshots', name ?? '')).sort()).toEqual(['seal', 'tree']);
  });
});

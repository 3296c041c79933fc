import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { walk } from '@nx-nixpack/base';
import { openImageTree } from '../tree/image-tree.js';
import { Canary } from './hostile/canary.contract.js';
import type { HostileArchive } from './hostile/hostile-archive.contract.js';
import { HOSTILE_ARCHIVES } from './hostile/hostile-archives.contract.js';
import { memoryLayer } from './memory-layer.contract.js';
import { unpackLayer } from './unpack-layer.js';

const uid = process.getuid?.() ?? 0;
const ours = uid === 0 ? it : it.skip;
let canary: Canary;
beforeEach(() => void (canary = new Canary()));
afterEach(() => canary.remove());

const layersOf = (archive: HostileArchive) =>
  archive.layers(canary.outside).map((tar) => memoryLayer(tar));

async function messageOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ code: 'BASE_INVALID' });
    return (error as Error).message;
  }
}

async function read(archive: HostileArchive): Promise<string[]> {
  const tree = await openImageTree(layersOf(archive), join(canary.top, 'scratch'));
  try {
    return [...walk(tree)].map(({ path }) => path);
  } finally {
    tree.close();
  }
}

async function unpack(archive: HostileArchive): Promise<void> {
  const root = canary.root();
  for (const layer of layersOf(archive)) await unpackLayer(layer, root);
}

/** Layer digest, number of the entry, its escaped name, and the byte at which it begins. */
const PLACE =
  /^Layer sha256:[0-9a-f]{64}: entry [1-9]\d* (?:"[^\p{C}]*"|without a name) at byte \d+: /u;

describe('a hostile archive', () => {
  it('is one of at least 80, each with a name of its own', () => {
    const names = new Set(HOSTILE_ARCHIVES.map(({ name }) => name));
    expect(names.size).toBe(HOSTILE_ARCHIVES.length);
    expect(names.size).toBeGreaterThanOrEqual(80);
  });

  const refused = HOSTILE_ARCHIVES.filter(({ verdict }) => verdict === 'refused');
  ours.each(refused)('$name is refused, unpacked and read, with one message', async (archive) => {
    const message = await messageOf(unpack(archive));
    expect(message).toMatch(PLACE);
    expect(message).toMatch(archive.says as RegExp);
    expect(await messageOf(read(archive))).toBe(message);
    expect(canary.harm()).toEqual([]);
  });

  const accepted = HOSTILE_ARCHIVES.filter(({ verdict }) => verdict !== 'refused');
  it.each(accepted)('$name is read', async (archive) => {
    expect(await messageOf(read(archive))).toBeUndefined();
  });

  const plain = accepted.filter(({ special }) => !special);
  ours.each(plain)('$name stays inside the root', async (archive) => {
    expect(await messageOf(unpack(archive))).toBeUndefined();
    expect(canary.harm()).toEqual([]);
    expect(readdirSync(canary.top).filter((name) => !/^(outside|root-\w+)$/.test(name))).toEqual(
      [],
    );
  });
});

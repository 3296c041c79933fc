import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytes, type ByteString } from '@nx-nixpack/base';
import fc from 'fast-check';
import type { Layer } from '../image.js';
import { Store } from '../store/store.js';
import { paddingOf } from '../tar/tar-format.js';
import { encodeHeader, TAR_END } from '../tar/tar-writer.js';
import { type Meaning, meaningRead, meaningUnpacked } from './hostile/meaning.contract.js';
import { memoryLayer } from './memory-layer.contract.js';
import { packLayer, type PackEntry } from './pack-layer.js';
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
const path = fc
  .array(name, { minLength: 1, maxLength: 4 })
  .map((names) => names.join('/') as ByteString);
const whiteout = fc
  .tuple(
    fc.array(name, { maxLength: 2 }),
    fc.constantFrom('.wh.a', '.wh.b', '.wh..wh..opq', '.wh.c'),
  )
  .map(([directory, mark]) => [...directory, mark].join('/'));
const target = fc.oneof(
  path,
  path.map((text) => bytes`/${text}`),
  fc.constantFrom(bytes`..`, bytes`../../a`, bytes`../b/../c`, bytes`/`, bytes`.`),
);

const plain = { uid, gid, size: 0 };
const fileAt = (at: string, content: string): PackEntry => ({
  ...plain,
  path: at as ByteString,
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

/** The same entries, compressed in another way, are another layer. */
const withoutDigest = (meaning: Meaning): Meaning =>
  typeof meaning === 'string' ? meaning.replace(/sha256:\w+/, '') : meaning;

describe('random layers', () => {
  it('mean the same unpacked on the disk and merged in memory', async () => {
    const stacks = fc.array(fc.array(entry, { maxLength: 8 }), { minLength: 1, maxLength: 3 });
    const property = fc.asyncProperty(stacks, async (stack) => {
      const layers = stack.map(layerOf);
      expect(await meaningUnpacked(layers, top)).toEqual(await meaningRead(layers, top));
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
      const [ours, theirs] = [
        await meaningRead([layer], top),
        await meaningRead([layerOf(sorted)], top),
      ];
      expect(withoutDigest(ours)).toEqual(withoutDigest(theirs));
    });
    await fc.assert(property, { seed: SEED, numRuns: Math.ceil(RUNS / 5) });
  });
});

describe('damaged layers', () => {
  const sample = Buffer.concat([
    encodeHeader({ ...plain, path: bytes`d`, type: 'directory', mode: 0o755 }, 0),
    encodeHeader(
      {
        ...plain,
        path: bytes`d/${'n'.repeat(200) as ByteString}\xff`,
        type: 'symlink',
        mode: 0o777,
        target: 't'.repeat(120) as ByteString,
      },
      0,
    ),
    encodeHeader({ ...fileAt('d/f', 'content') }, 0),
    Buffer.from('content'.padEnd(512, '\0')),
    encodeHeader(
      { ...plain, path: bytes`d/h`, type: 'hardlink', mode: 0o644, target: bytes`d/f` },
      -1,
    ),
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
        const layers = [memoryLayer(damaged)];
        expect(await meaningUnpacked(layers, top)).toEqual(await meaningRead(layers, top));
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

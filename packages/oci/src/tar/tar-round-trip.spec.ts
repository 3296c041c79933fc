import { type ByteString, encodeText, type Entry } from '@nx-nixpack/base';
import fc from 'fast-check';
import { BLOCK, paddingOf, type TarEntry, treePath } from './tar-format.js';
import { TarReader } from './tar-reader.js';
import { encodeHeader, TAR_END } from './tar-writer.js';

const MTIME = 1_700_000_000;

function tarOf(entries: readonly Entry[], mtime = MTIME): Buffer {
  const parts = entries.map((entry) => [
    encodeHeader(entry, mtime),
    Buffer.alloc(entry.size, 0x61),
    Buffer.alloc(paddingOf(entry.size)),
  ]);
  return Buffer.concat([...parts.flat(), TAR_END]);
}

function read(tar: Uint8Array, piece = tar.byteLength): { entry: TarEntry; content: Buffer }[] {
  const found: { entry: TarEntry; content: Buffer }[] = [];
  const reader = new TarReader(
    {
      entry: (entry) => found.push({ entry, content: Buffer.alloc(0) }),
      content(bytes) {
        const last = found.at(-1) as { content: Buffer };
        last.content = Buffer.concat([last.content, bytes]);
      },
    },
    'test',
  );
  for (let at = 0; at < tar.byteLength; at += piece) reader.write(tar.subarray(at, at + piece));
  reader.end();
  return found;
}

const file = (path: string, more: Partial<Entry> = {}): Entry => ({
  path: path as ByteString,
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: 0,
  ...more,
});

const name = fc
  .uint8Array({ minLength: 1, maxLength: 60 })
  .map((bytes) =>
    Buffer.from(bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x62 : byte))).toString(
      'latin1',
    ),
  )
  .filter((text) => text !== '.' && text !== '..');
const path = fc
  .array(name, { minLength: 1, maxLength: 8 })
  .map((names) => names.join('/') as ByteString);
const id = fc.oneof(fc.integer({ min: 0, max: 70_000 }), fc.integer({ min: 0, max: 0xffff_fffe }));
const xattrs = fc
  .array(fc.tuple(fc.constantFrom('security.capability', 'user.a=b', 'user.x'), fc.uint8Array()), {
    minLength: 1,
  })
  .map(
    (pairs) => new Map(pairs.map(([key, value]) => [key.replace('=', '-'), Buffer.from(value)])),
  );
const common = {
  path,
  mode: fc.integer({ min: 0, max: 0o7777 }),
  uid: id,
  gid: id,
  size: fc.constant(0),
};
const device = fc.tuple(fc.integer({ min: 0, max: 4095 }), fc.integer({ min: 0, max: 0xfffff }));
const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({
    ...common,
    type: fc.constant('file' as const),
    size: fc.integer({ min: 0, max: 2000 }),
  }),
  fc.record({ ...common, type: fc.constant('file' as const), xattrs }),
  fc.record({ ...common, type: fc.constantFrom('directory' as const, 'fifo' as const) }),
  fc.record({
    ...common,
    type: fc.constantFrom('symlink' as const, 'hardlink' as const),
    target: path,
  }),
  fc.record({
    ...common,
    type: fc.constantFrom('character-device' as const, 'block-device' as const),
    device,
  }),
);

describe('tar round trip', () => {
  it('gives back every entry of any tree, in pieces of any size', () => {
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 12 }),
        fc.integer({ min: 1, max: 3000 }),
        (entries, piece) => {
          const found = read(tarOf(entries), piece);
          expect(found.map((each) => each.entry)).toEqual(
            entries.map((each) => ({ ...each, mtime: MTIME })),
          );
          for (const each of found)
            expect(each.content).toEqual(Buffer.alloc(each.entry.size, 0x61));
        },
      ),
      { seed: 1, numRuns: Number(process.env['PROPERTY_RUNS'] ?? 100) },
    );
  });

  it.each([
    ['300 bytes', 'd'.repeat(150) + '/' + 'n'.repeat(149)],
    ['100 bytes', 'a'.repeat(100)],
    ['101 bytes', 'a'.repeat(101)],
    ['155 bytes before the slash and 100 after it', `${'p'.repeat(155)}/${'n'.repeat(100)}`],
    ['156 bytes before the slash', `${'p'.repeat(156)}/${'n'.repeat(100)}`],
    ['Latin-1', 'caf\xe9'],
    ['UTF-8', encodeText('naïve-日本')],
    ['a line break', 'a\nb'],
    ['a colon and an equals sign', '12 path=a:b'],
  ])('keeps a name of %s, of a file and of a directory', (_what, odd) => {
    const directory: Entry = { ...file(odd), type: 'directory' };
    expect(read(tarOf([file(odd), directory])).map((each) => each.entry.path)).toEqual([odd, odd]);
  });

  it('uses plain ustar for what ustar can hold', () => {
    expect(
      encodeHeader(file(`${'p'.repeat(155)}/${'n'.repeat(100)}`, { uid: 0o7777777 }), 0),
    ).toHaveLength(BLOCK);
    expect(encodeHeader(file('a', { uid: 0o10000000 }), 0)).toHaveLength(3 * BLOCK);
  });

  it('keeps sizes above 8 GiB', () => {
    const size = 9 * 1024 ** 3;
    const found: TarEntry[] = [];
    const reader = new TarReader({ entry: (each) => found.push(each), content: () => {} }, 'test');
    reader.write(encodeHeader(file('big', { size }), 0));
    expect(found[0]?.size).toBe(size);
  });

  it('keeps times before 1970 and after 2242', () => {
    for (const mtime of [-1, -62_135_596_800, 8_589_934_592])
      expect(read(tarOf([file('a')], mtime))[0]?.entry.mtime).toBe(mtime);
  });

  it('refuses to write what a tar cannot hold', () => {
    expect(() => encodeHeader({ ...file('s'), type: 'socket' }, 0)).toThrow('socket');
    expect(() => encodeHeader({ ...file('l'), type: 'symlink' }, 0)).toThrow('no target');
    expect(() => encodeHeader(file('a'), 0.5)).toThrow('mtime');
    expect(() =>
      encodeHeader({ ...file('d'), type: 'block-device', device: [1, 8 ** 7] }, 0),
    ).toThrow('minor');
  });
});

describe('treePath', () => {
  it.each([
    ['./', ''],
    ['.', ''],
    ['/', ''],
    ['./usr/bin/', 'usr/bin'],
    ['/etc/passwd', 'etc/passwd'],
    ['a//b', 'a/b'],
    ['a/./b/../c', 'a/c'],
    ['../../etc/x', 'etc/x'],
    ['a/...', 'a/...'],
    ['..a/.b', '..a/.b'],
  ])('%s is %s', (odd, expected) => expect(treePath(odd as ByteString)).toBe(expected));
});

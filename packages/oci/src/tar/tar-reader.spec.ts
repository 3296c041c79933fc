import { bytes, encodeText, UserError } from '@nx-nixpack/base';
import { EntryFault } from './entry-fault.js';
import { encodePax } from './pax.js';
import { BLOCK, checksumOf, type Field, FIELDS, type TarEntry } from './tar-format.js';
import { TarReader } from './tar-reader.js';
import { encodeHeader, TAR_END } from './tar-writer.js';

type Change = Partial<Record<Field, string>>;

/** A header as another writer would make it: ours with some fields replaced, sealed again. */
function header(change: Change): Buffer {
  const block = encodeHeader(
    { path: bytes`name`, type: 'file', mode: 0o644, uid: 1, gid: 2, size: 0 },
    3,
  );
  for (const [field, text] of Object.entries(change) as [Field, string][]) {
    const [offset, length] = FIELDS[field];
    block.fill(0, offset, offset + length).write(text, offset, length, 'latin1');
  }
  if (change.checksum === undefined)
    block.write(
      `${checksumOf(block).toString(8).padStart(6, '0')}\0 `,
      FIELDS.checksum[0],
      'latin1',
    );
  return block;
}

const octal = (value: number): string => value.toString(8).padStart(11, '0');
const padded = (data: Buffer): Buffer =>
  Buffer.concat([data], Math.ceil(data.byteLength / BLOCK) * BLOCK);
const extension = (type: string, data: Buffer): Buffer =>
  Buffer.concat([
    header({ name: '././@LongLink', type, size: octal(data.byteLength) }),
    padded(data),
  ]);
const pax = (type: string, records: Record<string, string>): Buffer =>
  extension(
    type,
    encodePax(
      new Map(Object.entries(records).map(([key, value]) => [key, Buffer.from(value, 'latin1')])),
    ),
  );

function entriesOf(...parts: readonly Uint8Array[]): TarEntry[] {
  const found: TarEntry[] = [];
  const reader = new TarReader(
    { entry: (entry) => found.push(entry), content: () => {} },
    'Layer L',
  );
  reader.write(Buffer.concat(parts));
  reader.end();
  return found;
}

const only = (...parts: readonly Uint8Array[]): TarEntry =>
  entriesOf(...parts, TAR_END)[0] as TarEntry;

describe('TarReader reads what other writers make', () => {
  it('GNU long names and long targets', () => {
    const entry = only(
      extension('L', Buffer.from(`${'n'.repeat(700)}\0`)),
      extension('K', Buffer.from(`${'t'.repeat(300)}\0`)),
      header({ type: '2', magic: 'ustar  \0', target: 'ttt' }),
    );
    expect(entry).toMatchObject({
      type: 'symlink',
      path: 'n'.repeat(700),
      target: 't'.repeat(300),
    });
  });

  it('numbers in base 256, also negative times', () => {
    const large = '\x80\x00\x00\x00\xb2\xd0\x5e\x00';
    const entry = only(header({ uid: large, mtime: '\xff'.repeat(12), magic: 'ustar  \0' }));
    expect(entry).toMatchObject({ uid: 3_000_000_000, mtime: -1 });
  });

  it('global PAX headers, which entries of their own override and unset', () => {
    const [first, second, third] = entriesOf(
      pax('g', { uid: '7', comment: 'x' }),
      header({}),
      pax('x', { uid: '8' }),
      header({}),
      pax('x', { uid: '' }),
      header({}),
    );
    expect([first?.uid, second?.uid, third?.uid]).toEqual([7, 8, 1]);
  });

  it('fractions of a second, and bytes in PAX values', () => {
    const entry = only(
      pax('x', { mtime: '12.5', path: 'a\xff\xfe', 'SCHILY.xattr.user.x': '\x80\n=\0' }),
      header({}),
    );
    expect(entry).toMatchObject({ mtime: 12.5, path: 'a\xff\xfe' });
    expect(entry.xattrs).toEqual(new Map([['user.x', Buffer.from('\x80\n=\0', 'latin1')]]));
  });

  it('V7 directories, contiguous files and fields without leading zeros', () => {
    expect(only(header({ name: 'd/', type: '\0', magic: '' }))).toMatchObject({
      type: 'directory',
      path: 'd',
    });
    expect(only(header({ type: '7', uid: '   17 \0' }))).toMatchObject({ type: 'file', uid: 0o17 });
  });

  it('the prefix of star, which is shorter, and none in GNU headers', () => {
    const times = `${'p'.repeat(131)}${'\0'.repeat(20)}tar\0`;
    expect(only(starHeader(times)).path).toBe(`${'p'.repeat(131)}/name`);
    expect(only(header({ magic: 'ustar  \0', prefix: 'times' })).path).toBe('name');
  });

  it('sums of signed bytes as old writers make them', () => {
    const block = header({ name: 'caf\xe9' });
    block.write(
      `${checksumOf(block, true).toString(8).padStart(6, '0')}\0 `,
      FIELDS.checksum[0],
      'latin1',
    );
    expect(only(block).path).toBe('caf\xe9');
  });

  it('an archive without an end, and whatever follows an end', () => {
    expect(entriesOf(header({}))).toHaveLength(1);
    expect(entriesOf(header({ size: octal(7) }), Buffer.alloc(7))).toHaveLength(1);
    expect(entriesOf(header({}), TAR_END, Buffer.alloc(700, 1))).toHaveLength(1);
  });

  it('ignores a size of what has no content', () => {
    expect(only(header({ type: '5', size: octal(1024) })).size).toBe(0);
    expect(
      entriesOf(header({ type: '1', target: 'x', size: octal(1024) }), header({})),
    ).toHaveLength(2);
  });
});

function starHeader(prefixAndTimes: string): Buffer {
  const block = header({});
  block.write(prefixAndTimes, FIELDS.prefix[0], 'latin1');
  block.write('tar\0', BLOCK - 4, 'latin1');
  block.write(`${checksumOf(block).toString(8).padStart(6, '0')}\0 `, FIELDS.checksum[0], 'latin1');
  return block;
}

const NAME_B = Buffer.from('b');

describe('TarReader refuses', () => {
  const pairs: [string, readonly Uint8Array[]][] = [
    ['a wrong checksum', [header({ checksum: '000001\0 ' })]],
    ['an end within a header', [header({}).subarray(0, 100)]],
    ['an end within content', [header({ size: octal(600) }), Buffer.alloc(BLOCK)]],
    ['an end after an extended header', [pax('x', { path: 'a' })]],
    ['zeros after an extended header', [pax('x', { path: 'a' }), TAR_END]],
    ['an entry after a block of zeros', [Buffer.alloc(BLOCK), header({})]],
    ['a size that is not a number', [header({ size: 'x' })]],
    ['a negative size', [header({ size: '\xff'.repeat(12) })]],
    ['a size beyond what can be counted', [header({ size: `\x80${'\xff'.repeat(11)}` })]],
    ['an id that Linux does not have', [pax('x', { uid: '4294967295' }), header({})]],
    ['a PAX number with a sign', [pax('x', { size: '+1' }), header({})]],
    ['a PAX path with a NUL byte', [pax('x', { path: 'a\0b' }), header({})]],
    ['a PAX record without a length', [extension('x', Buffer.from('path=a\n')), header({})]],
    ['a PAX record that is too long', [extension('x', Buffer.from('99 path=a\n')), header({})]],
    ['a PAX record without a line feed', [extension('x', Buffer.from('9 path=ab')), header({})]],
    ['a PAX record without a key', [extension('x', Buffer.from('5 =a\n')), header({})]],
    ['an extended header of 2 MiB', [header({ type: 'x', size: octal(2 * 1024 ** 2) })]],
    ['a global path', [pax('g', { path: 'a' }), header({})]],
    ['two extended headers for one entry', [pax('x', { path: 'a' }), pax('x', { uid: '1' })]],
    ['two GNU names for one entry', [extension('L', Buffer.from('a')), extension('L', NAME_B)]],
    [
      'a GNU name and a PAX path that disagree',
      [extension('L', NAME_B), pax('x', { path: 'a' }), header({})],
    ],
    [
      'a GNU target and a PAX linkpath',
      [extension('K', NAME_B), pax('x', { linkpath: 'a' }), header({ type: '2' })],
    ],
    ['a global header before the entry of another', [pax('x', { path: 'a' }), pax('g', {})]],
    ['global attributes', [pax('g', { 'SCHILY.xattr.user.x': 'a' })]],
    ['global sparse files', [pax('g', { 'GNU.sparse.name': 'a' })]],
    [
      'global headers that grow without an end',
      [1, 2].map((each) => pax('g', { [`comment${each}`]: 'x'.repeat(600_000) })),
    ],
    ['the device 0:0', [header({ type: '3', major: octal(0), minor: octal(0) })]],
    ['a device that Linux cannot have', [header({ type: '4', major: '0010000', minor: '1' })]],
    ['a negative device', [header({ type: '4', major: '\xff'.repeat(8), minor: '1' })]],
    ['sparse files', [header({ type: 'S' })]],
    ['sparse files of PAX', [pax('x', { 'GNU.sparse.major': '1' }), header({})]],
    ['unknown types', [header({ type: 'V' })]],
    ['a file named as the root', [header({ name: '.' })]],
    ['an empty name', [header({ name: '' })]],
    ['a link without a target', [header({ type: '2', target: '' })]],
  ];

  it.each(pairs)('%s', (_what, parts) => {
    const attempt = () => entriesOf(...parts);
    expect(attempt).toThrow(UserError);
    expect(attempt).toThrow(
      expect.objectContaining({
        code: 'BASE_INVALID',
        message: expect.stringMatching(/^Layer L: entry 1 (".*"|without a name) at byte \d+: /),
      }),
    );
  });

  it('more entries or bytes than the limits allow', () => {
    const receiver = { entry: () => {}, content: () => {} };
    const few = new TarReader(receiver, 'Layer L', { entries: 2, bytes: 100 });
    expect(() => few.write(Buffer.concat([header({}), header({}), header({})]))).toThrow(
      'more than 2 entries',
    );
    const small = new TarReader(receiver, 'Layer L', { entries: 2, bytes: 100 });
    expect(() => small.write(header({ size: octal(101) }))).toThrow('more than 100 bytes');
  });

  it('nothing on behalf of its receiver, whose errors pass as they are', () => {
    const broken = new Error('disk full');
    const reader = new TarReader(
      {
        entry() {
          throw broken;
        },
        content: () => {},
      },
      'L',
    );
    expect(() => reader.write(header({}))).toThrow(broken);
  });
});

describe('TarReader says where', () => {
  const attempt = (...parts: readonly Uint8Array[]) => {
    try {
      entriesOf(...parts);
      return 'read';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const bad = header({ name: 'bad', uid: 'x' });

  it('counting entries from 1, with the byte at which the first header of the entry begins', () => {
    expect(attempt(bad)).toBe(
      'Layer L: entry 1 "bad" at byte 0: the uid field is not an octal number',
    );
    expect(attempt(header({}), bad)).toMatch(/^Layer L: entry 2 "bad" at byte 512: /);
    const content = Buffer.alloc(1024);
    const large = header({ size: octal(600) });
    expect(attempt(large, content, bad)).toMatch(/^Layer L: entry 2 "bad" at byte 1536: /);
  });

  it('counting extended headers with their entry, and with the name that they give', () => {
    const named = pax('x', { path: 'dir/real name' });
    expect(attempt(header({}), named, bad)).toMatch(
      /entry 2 "dir\/real name" at byte 512: the uid/,
    );
    const long = extension('L', Buffer.from('long\0'));
    expect(attempt(header({}), long, bad)).toMatch(/entry 2 "long" at byte 512: /);
    const malformed = extension('x', Buffer.from('99 path=a\n'));
    expect(attempt(header({}), malformed)).toMatch(
      /entry 2 "\.\/\.\/@LongLink" at byte 512: a PAX/,
    );
    expect(attempt(header({}), named)).toMatch(/entry 2 .* at byte 512: the tar ends/);
    expect(attempt(pax('g', { comment: 'x' }), bad)).toMatch(/entry 1 "bad" at byte 1024: /);
  });

  it('of what ends too early', () => {
    const large = header({ name: 'large', size: octal(600) });
    expect(attempt(large, Buffer.alloc(5))).toMatch(/entry 1 "large" at byte 0: the tar ends/);
    expect(attempt(header({}), header({}).subarray(0, 9))).toMatch(
      /entry 2 without a name at byte 512: the tar ends/,
    );
    expect(attempt(header({}), Buffer.alloc(BLOCK), bad)).toMatch(/entry 2 "bad" at byte 1024: /);
  });

  it('of what its receiver refuses', () => {
    const receiver = {
      entry({ path }: TarEntry) {
        if (path === 'no') throw new EntryFault('not here');
      },
      content: () => {},
    };
    const reader = new TarReader(receiver, 'Layer L');
    reader.write(header({}));
    expect(() => reader.write(header({ name: 'no' }))).toThrow(
      'Layer L: entry 2 "no" at byte 512: not here',
    );
  });

  it('with names that cannot deceive', () => {
    const bytes = header({ name: 'a\xff\n"', uid: 'x' });
    expect(attempt(bytes)).toContain('entry 1 "a\\xff\\x0a\\"" at');
    const text = header({ name: encodeText('é\u202e\u001b[31m\u200b'), uid: 'x' });
    expect(attempt(text)).toContain('entry 1 "é\\u{202e}\\u{1b}[31m\\u{200b}" at');
    expect(attempt(extension('L', Buffer.alloc(5000, 'n')), bad).length).toBeLessThan(400);
  });
});

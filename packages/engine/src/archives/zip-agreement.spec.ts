import { integrityOf } from '@nx-nixpack/channels';
import { zip } from './archive-maker.contract.js';
import { readArchive } from './read-archive.js';

const END_SIZE = 22;
const MODULE = { name: 'm@v1/main.go', content: 'good' };
const GOOD = zip(MODULE);

async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** What would be unpacked: a line an entry. */
async function unpacked(archive: Buffer): Promise<string[]> {
  const found: string[] = [];
  const receiver = {
    entry: ({ type, path }: { type: string; path: string }) => void found.push(`${type} ${path} `),
    content: (piece: Uint8Array) =>
      void found.push(`${found.pop()}${Buffer.from(piece).toString()}`),
  };
  await readArchive(pieces(archive), 'zip', receiver, { id: 'go:m@v1', integrity: 'h1-' });
  return found;
}

const integrityOrRefusal = (archive: Buffer): string => {
  try {
    return integrityOf('h1', archive);
  } catch (error) {
    return (error as { code: string }).code;
  }
};

/** A second archive behind the first, whose end names either directory, depending on who looks for it. */
function twoDirectories(): Buffer {
  const other = zip({ ...MODULE, content: 'evil' });
  const directory = other.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
  other.writeUInt32LE(GOOD.byteLength, directory + 42);
  other.writeUInt32LE(GOOD.byteLength + directory, other.byteLength - END_SIZE + 16);
  other.writeUInt16LE(END_SIZE, other.byteLength - 2);
  const end = Buffer.from(GOOD.subarray(-END_SIZE));
  end.writeUInt16LE(1, END_SIZE - 2);
  return Buffer.concat([GOOD, other, end]);
}

/** More entries than the end counts. */
function uncounted(): Buffer {
  const archive = zip(MODULE, { name: 'm@v1/more.go', content: 'more' });
  archive.writeUInt16LE(1, archive.byteLength - END_SIZE + 10);
  return archive;
}

const marked = (mode: number): Buffer => zip({ ...MODULE, mode });

const forgedName = (): Buffer => {
  return zip({ name: `m@v1/a\n${'0'.repeat(64)}  m@v1/b`, content: 'good' });
};

describe('the tree of a zip file that a hash names', () => {
  it.each([
    ['an entry that is not counted', uncounted()],
    ['a name of two lines', forgedName()],
  ])('is refused where others may see another one: %s', (_what, archive) => {
    expect(integrityOrRefusal(archive)).toBe('ARCHIVE_INVALID');
  });

  it('is that of the directory that is unpacked, where there are two', async () => {
    const evil = zip({ ...MODULE, content: 'evil' });
    expect(integrityOrRefusal(twoDirectories())).toBe(integrityOf('h1', evil));
    expect(await unpacked(twoDirectories())).toEqual(['file m@v1/main.go evil']);
  });

  it('counts directories, as Go does', () => {
    const archive = zip(MODULE, { name: 'm@v1/main.go/' });
    expect(integrityOrRefusal(archive)).not.toBe(integrityOf('h1', GOOD));
  });

  it.each([
    ['a directory', 0o040755],
    ['a link', 0o120777],
  ])('is what is unpacked, also where a mode makes a file %s', async (_what, mode) => {
    expect(integrityOrRefusal(marked(mode))).toBe(integrityOf('h1', GOOD));
    expect(await unpacked(marked(mode))).toEqual(['file m@v1/main.go good']);
  });
});

import { UserError } from '@nx-nixpack/base';
import { decompress, TarReader, type TarReceiver } from '@nx-nixpack/oci';
import type { ArchiveFormat, ArchiveUse } from '../recipe/recipe.js';
import { archiveInvalid } from './archive-fault.js';
import { dataOf } from './debian-package.js';
import { unxz } from './xz.js';
import { readZip } from './zip.js';

/** What an archive may cost, however small it is. */
const LIMITS = { entries: 1_000_000, bytes: 8 * 1024 ** 3 };
/** Bytes that come out for one that goes in, beyond the first of them. */
const RATIO = 300;
const RATIO_FROM = 64 * 1024 ** 2;
/** An integrity of names and contents alone. */
const TREE = 'h1-';

/** Hands over the entries of an archive. Throws UserError ARCHIVE_INVALID, naming it and the entry. */
export async function readArchive(
  archive: AsyncIterable<Uint8Array>,
  format: ArchiveFormat,
  receiver: TarReceiver,
  { id, integrity }: ArchiveUse,
): Promise<void> {
  const subject = `Archive ${id}`;
  const modes = !integrity.startsWith(TREE);
  if (format === 'zip') return readZip(await whole(archive), bounded(receiver), { subject, modes });
  const bytes = await whole(archive);
  const tar = format === 'deb' ? packageTar(bytes, subject) : plainTar(bytes, format);
  await readTar(tar, receiver, subject, bytes.byteLength);
}

function plainTar(bytes: Buffer, format: 'tar.gz' | 'tar.xz'): AsyncIterable<Uint8Array> {
  return format === 'tar.xz' ? unxz(one(bytes)) : decompress(one(bytes));
}

function packageTar(bytes: Buffer, subject: string): AsyncIterable<Uint8Array> {
  const { name, content } = dataOf(bytes, subject);
  return name.endsWith('.xz') ? unxz(one(content)) : decompress(one(content));
}

async function readTar(
  tar: AsyncIterable<Uint8Array>,
  receiver: TarReceiver,
  subject: string,
  stored: number,
): Promise<void> {
  const reader = new TarReader(receiver, subject, LIMITS);
  let size = 0;
  try {
    for await (const piece of tar) {
      size += piece.byteLength;
      if (size > RATIO_FROM && size > stored * RATIO)
        throw archiveInvalid(
          `${subject} is more than ${RATIO} times as large as its compressed form`,
        );
      reader.write(piece);
    }
    reader.end();
  } catch (error) {
    throw ofArchive(error, subject);
  }
}

/** What the reader of tars says of a base is meant for an archive here; other errors are the decompressor's or the disk's. */
function ofArchive(error: unknown, subject: string): unknown {
  if (error instanceof UserError)
    return error.code === 'BASE_INVALID' ? archiveInvalid(error.message, error) : error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== undefined || error instanceof TypeError) return error;
  return archiveInvalid(`${subject} cannot be decompressed${code ? ` (${code})` : ''}`, error);
}

/** A zip file says itself how large its members are, and each is compared with that. */
function bounded(receiver: TarReceiver): TarReceiver {
  let bytes = 0;
  return {
    ...receiver,
    entry: (entry, offset) => {
      bytes += entry.size;
      if (bytes > LIMITS.bytes) throw archiveInvalid('A zip file holds too much');
      receiver.entry(entry, offset);
    },
  };
}

async function whole(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

async function* one(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

import { inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
const MAX_COMMENT = 0xffff;
/** What stands for a larger number in a 64-bit archive. */
const LARGE = 0xffffffff;
const MANY = 0xffff;
const UNIX = 3;
/** A member is in memory as a whole. */
const MAX_MEMBER = 1024 ** 3;

/** What makes a zip file one that is not read. */
export class ZipFault extends Error {}

export interface ZipMember {
  /** As it is written; no encoding is known of it. */
  readonly name: Buffer;
  readonly method: number;
  readonly compressed: number;
  readonly size: number;
  readonly checksum: number;
  /** Of a Unix file system; 0 when whoever made it had none. */
  readonly mode: number;
  readonly offset: number;
}

/**
 * The members of a zip file by its central directory (APPNOTE.TXT 4.3.12), which is the one that counts; 64-bit ones and those in
 * several parts are refused. Whoever hashes an archive and whoever unpacks it reads it with this: two readers that differ could
 * be shown two trees. Throws ZipFault.
 */
export function* zipMembers(archive: Buffer): Generator<ZipMember> {
  const end = endOf(archive);
  const count = archive.readUInt16LE(end + 10);
  let offset = archive.readUInt32LE(end + 16);
  const last = offset + archive.readUInt32LE(end + 12);
  if (offset === LARGE || count === MANY) throw new ZipFault('it is a 64-bit zip file');
  if (last > end) throw new ZipFault('its directory is cut off');
  for (let index = 0; index < count; index++) {
    if (offset + 46 > last || archive.readUInt32LE(offset) !== ENTRY)
      throw new ZipFault('its directory is cut off');
    const nameEnd = offset + 46 + archive.readUInt16LE(offset + 28);
    yield memberAt(archive, offset, archive.subarray(offset + 46, nameEnd));
    offset = nameEnd + archive.readUInt16LE(offset + 30) + archive.readUInt16LE(offset + 32);
  }
  if (offset !== last) throw new ZipFault('its directory holds what it does not count');
}

const memberAt = (archive: Buffer, at: number, name: Buffer): ZipMember => ({
  name,
  method: archive.readUInt16LE(at + 8) & 1 ? -1 : archive.readUInt16LE(at + 10),
  checksum: archive.readUInt32LE(at + 16),
  compressed: archive.readUInt32LE(at + 20),
  size: archive.readUInt32LE(at + 24),
  mode: archive[at + 5] === UNIX ? archive.readUInt16LE(at + 40) : 0,
  offset: archive.readUInt32LE(at + 42),
});

/** The end of the directory is the last thing in the file, but for a comment. */
function endOf(archive: Buffer): number {
  const last = archive.byteLength - END_SIZE;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at--)
    if (
      archive.readUInt32LE(at) === END &&
      at + END_SIZE + archive.readUInt16LE(at + 20) === archive.byteLength
    )
      return at;
  throw new ZipFault('it is not a zip file');
}

/** The bytes of a member, as many as the directory says. Throws ZipFault; checksums are for the caller. */
export function zipContent(archive: Buffer, member: ZipMember): Buffer {
  const { offset, method, compressed, size } = member;
  if (size > MAX_MEMBER) throw new ZipFault(`it is larger than ${MAX_MEMBER} bytes`);
  if (offset + 30 > archive.byteLength || archive.readUInt32LE(offset) !== LOCAL)
    throw new ZipFault('the entry is not where it should be');
  const start = offset + 30 + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
  const stored = archive.subarray(start, start + compressed);
  if (stored.byteLength !== compressed) throw new ZipFault('the content is cut off');
  const content = method === 0 ? stored : inflated(stored, size, method);
  if (content.byteLength !== size) throw new ZipFault('the content is not what the directory says');
  return content;
}

function inflated(stored: Buffer, size: number, method: number): Buffer {
  if (method !== 8) throw new ZipFault(`unknown compression ${method}`);
  try {
    return inflateRawSync(stored, { maxOutputLength: Math.max(size, 1) });
  } catch {
    throw new ZipFault('the content cannot be decompressed');
  }
}

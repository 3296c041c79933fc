import { inflateRawSync } from 'node:zlib';
import { byteStringOf, type ByteString } from '@nx-nixpack/base';
import { EntryFault, treePath, type TarEntry, type TarReceiver } from '@nx-nixpack/oci';
import { archiveInvalid } from './archive-fault.js';
import { crc32 } from './crc32.js';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
const MAX_COMMENT = 0xffff;
/** What stands for a larger number in a 64-bit archive. */
const LARGE = 0xffffffff;
const UNIX = 3;
/** A member is in memory as a whole. */
const MAX_MEMBER = 1024 ** 3;
const S_IFMT = 0o170000;
const S_IFLNK = 0o120000;
const S_IFDIR = 0o040000;

interface Member {
  readonly name: ByteString;
  readonly method: number;
  readonly compressed: number;
  readonly size: number;
  readonly checksum: number;
  /** Of a Unix file system; 0 when whoever made it had none. */
  readonly mode: number;
  readonly offset: number;
}

/**
 * Reads a zip file by its central directory (APPNOTE.TXT 4.3.12), which is the one that counts; 64-bit ones, encrypted ones
 * and those in several parts are refused. Sizes and checksums are compared.
 */
export function readZip(archive: Buffer, receiver: TarReceiver, subject: string): void {
  for (const member of members(archive, subject)) {
    try {
      readMember(archive, member, receiver);
    } catch (error) {
      if (!(error instanceof EntryFault)) throw error;
      throw archiveInvalid(`${subject}: ${JSON.stringify(member.name)}: ${error.message}`);
    }
  }
}

function readMember(archive: Buffer, member: Member, receiver: TarReceiver): void {
  const entry = entryOf(member);
  const content = entry.type === 'directory' ? Buffer.alloc(0) : contentOf(archive, member);
  if (entry.type === 'symlink')
    return receiver.entry({ ...entry, size: 0, target: byteStringOf(content) }, member.offset);
  receiver.entry(entry, member.offset);
  if (content.byteLength > 0) receiver.content(content);
}

function entryOf({ name, mode, size }: Member): TarEntry {
  const kind = mode & S_IFMT;
  const isDirectory = name.endsWith('/') || kind === S_IFDIR;
  const type = isDirectory ? 'directory' : kind === S_IFLNK ? 'symlink' : 'file';
  const path = treePath(name);
  if (path === '' && !isDirectory) throw new EntryFault('the entry has no name');
  const permissions = mode === 0 ? (isDirectory ? 0o755 : 0o644) : mode & 0o7777;
  const plain = { path, uid: 0, gid: 0, mtime: 0, mode: permissions };
  return { ...plain, type, size: type === 'file' ? size : 0 };
}

function contentOf(archive: Buffer, member: Member): Buffer {
  const { offset, method, compressed, size } = member;
  if (size > MAX_MEMBER) throw new EntryFault(`it is larger than ${MAX_MEMBER} bytes`);
  if (offset + 30 > archive.byteLength || archive.readUInt32LE(offset) !== LOCAL)
    throw new EntryFault('the entry is not where it should be');
  const start = offset + 30 + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
  const stored = archive.subarray(start, start + compressed);
  if (stored.byteLength !== compressed) throw new EntryFault('the content is cut off');
  const content = method === 0 ? stored : inflated(stored, size, method);
  if (content.byteLength !== size || crc32(content) !== member.checksum)
    throw new EntryFault('the content is not what the directory says');
  return content;
}

function inflated(stored: Buffer, size: number, method: number): Buffer {
  if (method !== 8) throw new EntryFault(`unknown compression ${method}`);
  try {
    return inflateRawSync(stored, { maxOutputLength: Math.max(size, 1) });
  } catch {
    throw new EntryFault('the content cannot be decompressed');
  }
}

function* members(archive: Buffer, subject: string): Generator<Member> {
  const end = endOf(archive, subject);
  const count = archive.readUInt16LE(end + 10);
  let offset = archive.readUInt32LE(end + 16);
  if (offset === LARGE || count === 0xffff) throw archiveInvalid(`${subject} is a 64-bit zip file`);
  for (let index = 0; index < count; index++) {
    if (offset + 46 > archive.byteLength || archive.readUInt32LE(offset) !== ENTRY)
      throw archiveInvalid(`${subject}: the directory of the zip file is cut off`);
    const nameEnd = offset + 46 + archive.readUInt16LE(offset + 28);
    yield memberAt(archive, offset, archive.subarray(offset + 46, nameEnd));
    offset = nameEnd + archive.readUInt16LE(offset + 30) + archive.readUInt16LE(offset + 32);
  }
}

const memberAt = (archive: Buffer, at: number, name: Buffer): Member => ({
  name: byteStringOf(name),
  method: archive.readUInt16LE(at + 8) & 1 ? -1 : archive.readUInt16LE(at + 10),
  checksum: archive.readUInt32LE(at + 16),
  compressed: archive.readUInt32LE(at + 20),
  size: archive.readUInt32LE(at + 24),
  mode: archive[at + 5] === UNIX ? archive.readUInt16LE(at + 40) : 0,
  offset: archive.readUInt32LE(at + 42),
});

/** The end of the directory is the last thing in the file, but for a comment. */
function endOf(archive: Buffer, subject: string): number {
  const last = archive.byteLength - END_SIZE;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at--)
    if (
      archive.readUInt32LE(at) === END &&
      at + END_SIZE + archive.readUInt16LE(at + 20) === archive.byteLength
    )
      return at;
  throw archiveInvalid(`${subject} is not a zip file`);
}

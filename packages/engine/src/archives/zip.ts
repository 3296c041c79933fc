import { crc32 } from 'node:zlib';
import { byteStringOf } from '@nx-nixpack/base';
import { zipContent, ZipFault, zipMembers, type ZipMember } from '@nx-nixpack/channels';
import { EntryFault, treePath, type TarEntry, type TarReceiver } from '@nx-nixpack/oci';
import { archiveInvalid } from './archive-fault.js';

const S_IFMT = 0o170000;
const S_IFLNK = 0o120000;
const S_IFDIR = 0o040000;

export interface ZipOptions {
  /** Of the archive, for messages. */
  readonly subject: string;
  /** Whether what the directory says of modes counts: nobody has vouched for those of an archive whose tree alone was hashed. */
  readonly modes: boolean;
}

/** Hands over the entries of a zip file. Sizes and checksums are compared. Throws UserError ARCHIVE_INVALID. */
export function readZip(
  archive: Buffer,
  receiver: TarReceiver,
  { subject, modes }: ZipOptions,
): void {
  try {
    for (const member of zipMembers(archive))
      readNamed(archive, modes ? member : { ...member, mode: 0 }, receiver, subject);
  } catch (error) {
    if (!(error instanceof ZipFault)) throw error;
    throw archiveInvalid(`${subject}: ${error.message}`);
  }
}

function readNamed(
  archive: Buffer,
  member: ZipMember,
  receiver: TarReceiver,
  subject: string,
): void {
  try {
    readMember(archive, member, receiver);
  } catch (error) {
    if (!(error instanceof EntryFault) && !(error instanceof ZipFault)) throw error;
    const name = JSON.stringify(member.name.toString('latin1'));
    throw archiveInvalid(`${subject}: ${name}: ${error.message}`);
  }
}

function readMember(archive: Buffer, member: ZipMember, receiver: TarReceiver): void {
  const entry = entryOf(member);
  const content = entry.type === 'directory' ? Buffer.alloc(0) : checkedContent(archive, member);
  if (entry.type === 'symlink')
    return receiver.entry({ ...entry, size: 0, target: byteStringOf(content) }, member.offset);
  receiver.entry(entry, member.offset);
  if (content.byteLength > 0) receiver.content(content);
}

function entryOf({ name: raw, mode, size }: ZipMember): TarEntry {
  const name = byteStringOf(raw);
  const kind = mode & S_IFMT;
  const isDirectory = name.endsWith('/') || kind === S_IFDIR;
  const type = isDirectory ? 'directory' : kind === S_IFLNK ? 'symlink' : 'file';
  const path = treePath(name);
  if (path === '' && !isDirectory) throw new EntryFault('the entry has no name');
  const permissions = mode === 0 ? (isDirectory ? 0o755 : 0o644) : mode & 0o7777;
  const plain = { path, uid: 0, gid: 0, mtime: 0, mode: permissions };
  return { ...plain, type, size: type === 'file' ? size : 0 };
}

function checkedContent(archive: Buffer, member: ZipMember): Buffer {
  const content = zipContent(archive, member);
  if (crc32(content) === member.checksum) return content;
  throw new ZipFault('the content is not what the directory says');
}

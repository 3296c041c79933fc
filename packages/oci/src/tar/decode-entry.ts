import { type ByteString, type EntryType } from '@nx-nixpack/base';
import { EntryFault } from './entry-fault.js';
import type { ExtendedHeaders } from './extended-headers.js';
import { nameOf, numberOf, textOf } from './tar-fields.js';
import { checksumOf, FIELDS, type TarEntry, treePath } from './tar-format.js';

const MAX_ID = 0xffff_fffe;
/** Bits that Linux has for device numbers (makedev(3)). */
const MAX_MAJOR = 2 ** 12 - 1;
const MAX_MINOR = 2 ** 20 - 1;

const ENTRY_TYPES: Readonly<Record<string, EntryType>> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
};

/** The type flag of a header. Throws EntryFault when the header's checksum is wrong. */
export function flagOf(header: Buffer): string {
  const declared = numberOf(header, 'checksum');
  if (declared !== checksumOf(header) && declared !== checksumOf(header, true))
    throw new EntryFault('the checksum of the header is wrong');
  return header.toString('latin1', FIELDS.type[0], FIELDS.type[0] + 1);
}

/** What a header and the extended headers before it say. Throws EntryFault. */
export function decodeEntry(header: Buffer, flag: string, extended: ExtendedHeaders): TarEntry {
  const name = extended.name ?? nameOf(header);
  const type = typeOf(flag, name);
  const path = treePath(name);
  if (name === '' || (path === '' && type !== 'directory'))
    throw new EntryFault('the entry has no name');
  const number = (field: 'uid' | 'gid' | 'size', limit: number) =>
    extendedNumber(header, field, limit, extended);
  const xattrs = extended.xattrs;
  return {
    path,
    type,
    mode: numberOf(header, 'mode') & 0o7777,
    uid: number('uid', MAX_ID),
    gid: number('gid', MAX_ID),
    // Only files have content: other types may carry a size that means nothing (as Go's archive/tar reads them).
    size: type === 'file' ? number('size', Number.MAX_SAFE_INTEGER) : 0,
    mtime: mtimeOf(header, extended),
    ...targetOf(header, type, extended),
    ...deviceOf(header, type),
    ...(xattrs === undefined ? {} : { xattrs }),
  };
}

function typeOf(flag: string, name: ByteString): EntryType {
  const type = ENTRY_TYPES[flag];
  if (type === undefined)
    throw new EntryFault(
      flag === 'S' ? 'sparse files are not supported' : `unknown type "${flag}"`,
    );
  // Before POSIX a directory was a file whose name ends in a slash.
  return type === 'file' && name.endsWith('/') ? 'directory' : type;
}

function targetOf(
  header: Buffer,
  type: EntryType,
  extended: ExtendedHeaders,
): { target?: ByteString } {
  if (type !== 'symlink' && type !== 'hardlink') return {};
  const target = extended.target ?? textOf(header, 'target');
  if (target === '') throw new EntryFault('the link has no target');
  return { target: type === 'hardlink' ? treePath(target) : target };
}

function deviceOf(header: Buffer, type: EntryType): { device?: readonly [number, number] } {
  if (type !== 'character-device' && type !== 'block-device') return {};
  const device = [numberOf(header, 'major'), numberOf(header, 'minor')] as const;
  if (!isWithin(device[0], MAX_MAJOR) || !isWithin(device[1], MAX_MINOR))
    throw new EntryFault('Linux has no such device number');
  // Overlay file systems take such a device for a whiteout.
  if (type === 'character-device' && device[0] === 0 && device[1] === 0)
    throw new EntryFault('the character device 0:0 stands for a deletion');
  return { device };
}

function extendedNumber(
  header: Buffer,
  field: 'uid' | 'gid' | 'size',
  limit: number,
  extended: ExtendedHeaders,
): number {
  const text = extended.text(field);
  if (text !== undefined && !/^[0-9]{1,20}$/.test(text))
    throw new EntryFault(`the PAX record ${field} is not a number`);
  const value = text === undefined ? numberOf(header, field) : Number(text);
  if (!isWithin(value, limit)) throw new EntryFault(`the ${field} is out of range`);
  return value;
}

function mtimeOf(header: Buffer, extended: ExtendedHeaders): number {
  const text = extended.text('mtime');
  if (text === undefined) return numberOf(header, 'mtime');
  if (!/^-?[0-9]{1,15}(?:\.[0-9]*)?$/.test(text))
    throw new EntryFault('the PAX record mtime is not a number');
  return Number(text);
}

const isWithin = (value: number, limit: number): boolean => value >= 0 && value <= limit;

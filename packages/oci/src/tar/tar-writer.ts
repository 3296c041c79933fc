import { bytes, bytesOf, type ByteString, encodeText, type Entry } from '@nx-nixpack/base';
import { encodePax } from './pax.js';
import { BLOCK, checksumOf, type Field, FIELDS, paddingOf, TYPE_FLAGS } from './tar-format.js';

const PAX_NAME = bytes`PaxHeaders.0/extended`;
const MAGIC = bytes`ustar\x0000`;

/** Two blocks of zeros end a tar. */
export const TAR_END: Uint8Array = new Uint8Array(2 * BLOCK);

/**
 * The header blocks of one entry: ustar, preceded by a PAX extended header only when ustar cannot hold the entry.
 * Ids are numbers, names of users and groups are empty, so the bytes depend on nothing but the arguments.
 * The content and its padding follow. `mtime`: whole seconds since 1970.
 */
export function encodeHeader(entry: Entry, mtime: number): Buffer {
  if (entry.type === 'socket') throw new Error(`a tar cannot hold the socket ${entry.path}`);
  const pax = new Map<string, Buffer>();
  const header = Buffer.alloc(BLOCK);
  putName(header, entry, pax);
  putTarget(header, entry, pax);
  putOctal(header, 'mode', entry.mode & 0o7777);
  putNumber(header, 'uid', entry.uid, pax);
  putNumber(header, 'gid', entry.gid, pax);
  putNumber(header, 'size', entry.type === 'file' ? entry.size : 0, pax);
  putNumber(header, 'mtime', mtime, pax);
  putOctal(header, 'major', entry.device?.[0] ?? 0);
  putOctal(header, 'minor', entry.device?.[1] ?? 0);
  for (const [name, value] of entry.xattrs ?? [])
    pax.set(`SCHILY.xattr.${name}`, Buffer.from(value));
  seal(header, TYPE_FLAGS[entry.type]);
  return pax.size === 0 ? header : Buffer.concat([extendedHeader(encodePax(pax)), header]);
}

function extendedHeader(records: Buffer): Buffer {
  const header = Buffer.alloc(BLOCK);
  putText(header, 'name', PAX_NAME);
  putOctal(header, 'mode', 0o644);
  for (const field of ['uid', 'gid', 'mtime', 'major', 'minor'] as const)
    putOctal(header, field, 0);
  putOctal(header, 'size', records.byteLength);
  seal(header, 'x');
  return Buffer.concat([header, records, Buffer.alloc(paddingOf(records.byteLength))]);
}

function seal(header: Buffer, type: string): void {
  putText(header, 'magic', MAGIC);
  putText(header, 'type', encodeText(type));
  const [offset] = FIELDS.checksum;
  header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, offset, 'latin1');
}

function putName(header: Buffer, { path, type }: Entry, pax: Map<string, Buffer>): void {
  const name = type === 'directory' ? bytes`${path === '' ? bytes`.` : path}/` : path;
  const place = splitName(name);
  if (place === undefined) pax.set('path', bytesOf(name));
  putText(header, 'prefix', place?.prefix ?? bytes``);
  putText(header, 'name', place?.name ?? name);
}

/** How ustar holds a name: up to 100 bytes, or up to 155 before a slash and 100 after it. Only ASCII is portable. */
function splitName(name: ByteString): { prefix: ByteString; name: ByteString } | undefined {
  if (!isAscii(name)) return undefined;
  if (name.length <= 100) return { prefix: bytes``, name };
  const slash = name.indexOf('/', name.length - 101);
  if (slash <= 0 || slash > 155 || slash === name.length - 1) return undefined;
  return { prefix: name.slice(0, slash), name: name.slice(slash + 1) };
}

function putTarget(header: Buffer, entry: Entry, pax: Map<string, Buffer>): void {
  if (entry.type !== 'symlink' && entry.type !== 'hardlink') return;
  const target = entry.target ?? bytes``;
  if (target === '') throw new Error(`the link ${entry.path} has no target`);
  if (target.length > 100 || !isAscii(target)) pax.set('linkpath', bytesOf(target));
  putText(header, 'target', target);
}

const isAscii = (text: ByteString): boolean => /^[\x01-\x7f]*$/.test(text);

function putText(header: Buffer, field: Field, text: ByteString): void {
  const [offset, length] = FIELDS[field];
  header.write(text, offset, length, 'latin1');
}

/** A number that is too large for its field goes into a PAX record, and the field holds 0. */
function putNumber(header: Buffer, field: Field, value: number, pax: Map<string, Buffer>): void {
  if (!Number.isSafeInteger(value)) throw new Error(`${value} is not a valid ${field}`);
  const fits = value >= 0 && value < 8 ** (FIELDS[field][1] - 1);
  if (!fits) pax.set(field, Buffer.from(String(value)));
  putOctal(header, field, fits ? value : 0);
}

function putOctal(header: Buffer, field: Field, value: number): void {
  const [offset, length] = FIELDS[field];
  if (!(value >= 0 && value < 8 ** (length - 1)))
    throw new Error(`${value} is not a valid ${field}`);
  header.write(value.toString(8).padStart(length - 1, '0'), offset, length - 1, 'latin1');
}

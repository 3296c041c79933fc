import { bytes, type ByteString, byteStringOf } from '@nx-nixpack/base';
import { EntryFault } from './entry-fault.js';
import { BLOCK, type Field, FIELDS } from './tar-format.js';

/** Text of a header field: up to the first NUL. */
export function textOf(header: Buffer, field: Field, width: number = FIELDS[field][1]): ByteString {
  const [offset] = FIELDS[field];
  const end = header.indexOf(0, offset);
  const limit = offset + width;
  return byteStringOf(header.subarray(offset, end < 0 || end > limit ? limit : end));
}

/** A number of a header field: octal digits, or base 256 when its first bit is set (GNU). Throws EntryFault. */
export function numberOf(header: Buffer, field: Field): number {
  const [offset, length] = FIELDS[field];
  if ((header[offset] as number) & 0x80)
    return base256(header.subarray(offset, offset + length), field);
  const digits = header.toString('latin1', offset, offset + length).replace(/^[ \0]+|[ \0]+$/g, '');
  if (digits === '') return 0;
  if (!/^[0-7]+$/.test(digits)) throw new EntryFault(`the ${field} field is not an octal number`);
  return Number.parseInt(digits, 8);
}

function base256(bytes: Buffer, field: Field): number {
  const negative = ((bytes[0] as number) & 0x40) !== 0;
  let value = BigInt((bytes[0] as number) & 0x7f);
  for (const byte of bytes.subarray(1)) value = value * 256n + BigInt(byte);
  if (negative) value -= 1n << BigInt(8 * bytes.byteLength - 1);
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new EntryFault(`the ${field} field is out of range`);
  return number;
}

/** The name of an entry as its header holds it; only the POSIX formats have a prefix. */
export function nameOf(header: Buffer): ByteString {
  const [magic] = FIELDS.magic;
  const name = textOf(header, 'name');
  if (header.toString('latin1', magic, magic + 6) !== 'ustar\0') return name;
  // Jörg Schilling's star keeps two times at the end of the prefix.
  const star = header.toString('latin1', BLOCK - 4) === 'tar\0';
  const prefix = textOf(header, 'prefix', star ? 131 : 155);
  return prefix === '' ? name : bytes`${prefix}/${name}`;
}

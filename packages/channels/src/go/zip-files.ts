import { inflateRawSync } from 'node:zlib';
import { invalid } from '../failures.js';

export interface ZipFile {
  readonly name: string;
  /** Its bytes, decompressed. */
  read(): Uint8Array;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const MAX_FILES = 200_000;
const MAX_FILE_BYTES = 512 * 1024 * 1024;

/**
 * The files of a zip (PKWARE APPNOTE 6.3, without zip64 and encryption, which Go's module zips do not have), in the order of
 * its directory, directories left out. Throws UserError ARCHIVE_INVALID.
 */
export function zipFiles(bytes: Uint8Array): readonly ZipFile[] {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return readDirectory(zip);
  } catch (error) {
    if (error instanceof RangeError) throw broken('it is cut off');
    throw error;
  }
}

const broken = (why: string): Error => invalid(`A zip archive cannot be read: ${why}`);

function readDirectory(zip: Buffer): ZipFile[] {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || zip.readUInt32LE(end) !== END) throw broken('it has no directory');
  const count = zip.readUInt16LE(end + 10);
  const size = zip.readUInt32LE(end + 12);
  let at = zip.readUInt32LE(end + 16);
  const last = at + size;
  const files: ZipFile[] = [];
  let entries = 0;
  while (at < last) {
    if (++entries > MAX_FILES) throw broken(`it has more than ${MAX_FILES} files`);
    if (zip.readUInt32LE(at) !== ENTRY) throw broken('its directory is damaged');
    const { file, length } = readEntry(zip, at);
    if (!file.name.endsWith('/')) files.push(file);
    at += length;
  }
  // The count has sixteen bits.
  if (entries % 0x10000 !== count) throw broken('its directory is not complete');
  return files;
}

function readEntry(zip: Buffer, at: number): { file: ZipFile; length: number } {
  const method = zip.readUInt16LE(at + 10);
  const packed = zip.readUInt32LE(at + 20);
  const size = zip.readUInt32LE(at + 24);
  const nameLength = zip.readUInt16LE(at + 28);
  const extra = zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  const place = zip.readUInt32LE(at + 42);
  const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
  const read = (): Uint8Array => content(zip, { method, packed, size, place, name });
  return { file: { name, read }, length: 46 + nameLength + extra };
}

interface Entry {
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly place: number;
  readonly name: string;
}

function content(zip: Buffer, { method, packed, size, place, name }: Entry): Uint8Array {
  const at = JSON.stringify(name.slice(0, 100));
  if (size > MAX_FILE_BYTES) throw broken(`${at} is larger than ${MAX_FILE_BYTES} bytes`);
  if (place + 30 > zip.length || zip.readUInt32LE(place) !== LOCAL)
    throw broken(`${at} is not where its directory says`);
  const start = place + 30 + zip.readUInt16LE(place + 26) + zip.readUInt16LE(place + 28);
  const bytes = zip.subarray(start, start + packed);
  const whole = method === 0 ? bytes : method === 8 ? inflated(bytes, size) : undefined;
  if (whole?.length !== size) throw broken(`${at} is damaged`);
  return whole;
}

function inflated(bytes: Uint8Array, size: number): Uint8Array | undefined {
  if (size === 0) return Buffer.alloc(0);
  try {
    return inflateRawSync(bytes, { maxOutputLength: size });
  } catch {
    return undefined;
  }
}

import { Unreadable } from '../image-view.js';
import { ForwardReader } from './forward-reader.js';
import { ELF_HEADER_SIZE, type Elf, headerLength, readElf, reader, type Segment } from './elf.js';

/** What Go's linker wrote into an executable. */
export interface BuildInfo {
  /** Version of the toolchain, e.g. `go1.26.1`. */
  readonly version: string;
  /** Module information in the text form that `go version -m` prints; empty when the linker had none. */
  readonly modules: string;
}

const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1');
const HEADER_SIZE = 32;
const FLAG_BIG_ENDIAN = 1;
const FLAG_INLINE = 2;
/** Program headers lie at a file's start; anything further out is not an ordinary executable. */
const MAX_HEADERS = 64 * 1024;
const MAX_DATA = 256 * 1024 * 1024;

/**
 * Finds the build information of one executable, read once from its start and no further than needed.
 * Undefined when it was not made by Go. Throws Unreadable when it was, and the information is damaged.
 * `open` may be called again: old linkers point from one part of the file to another.
 */
export function readBuildInfo(open: () => Iterable<Uint8Array>): BuildInfo | undefined {
  const source = new ForwardReader(open());
  try {
    const length = headerLength(source.take(0, ELF_HEADER_SIZE));
    if (length === undefined || length > MAX_HEADERS) return undefined;
    const headers = source.take(0, length);
    if (headers.length < length) return undefined;
    const elf = readElf(headers);
    for (const segment of elf.segments.filter((one) => one.writable && one.size <= MAX_DATA)) {
      const data = source.take(segment.offset, segment.size);
      const found = findHeader(data, segment.address);
      if (found !== undefined) return readAt(data, found, elf, open);
    }
    return undefined;
  } finally {
    source.close();
  }
}

/** The header's address, not its place in the file, is a multiple of 16. */
function findHeader(data: Buffer, address: number): number | undefined {
  for (let at = data.indexOf(MAGIC); at >= 0; at = data.indexOf(MAGIC, at + 1)) {
    if ((address + at) % 16 === 0 && at + HEADER_SIZE <= data.length) return at;
  }
  return undefined;
}

function readAt(data: Buffer, at: number, elf: Elf, open: () => Iterable<Uint8Array>): BuildInfo {
  const flags = data[at + 15] ?? 0;
  if ((flags & FLAG_INLINE) !== 0) return readInline(data.subarray(at + HEADER_SIZE));
  return readPointers(data.subarray(at, at + HEADER_SIZE), elf, open);
}

function readInline(data: Buffer): BuildInfo {
  const version = lengthPrefixed(data, 0);
  const modules = lengthPrefixed(data, version.end);
  return { version: version.text, modules: withoutMarks(modules.bytes) };
}

/** A byte string behind its length as an unsigned LEB128 number. */
function lengthPrefixed(data: Buffer, start: number): { bytes: Buffer; text: string; end: number } {
  let length = 0;
  let at = start;
  for (let factor = 1; ; factor *= 128) {
    const byte = data[at++];
    if (byte === undefined || factor > 2 ** 35)
      throw new Unreadable('has damaged Go build information');
    length += (byte & 0x7f) * factor;
    if (byte < 0x80) break;
  }
  if (at + length > data.length) throw new Unreadable('has damaged Go build information');
  const bytes = data.subarray(at, at + length);
  return { bytes, text: bytes.toString('utf8'), end: at + length };
}

/** Before Go 1.18 the header held addresses of two string headers, each an address and a length. */
function readPointers(header: Buffer, elf: Elf, open: () => Iterable<Uint8Array>): BuildInfo {
  const size = header[14];
  if (size !== 4 && size !== 8) throw new Unreadable('has damaged Go build information');
  const littleEndian = ((header[15] ?? 0) & FLAG_BIG_ENDIAN) === 0;
  const text = (at: number): Buffer => {
    const pointer = reader(header, littleEndian, size === 8).pointer(at);
    if (pointer === 0) return Buffer.alloc(0);
    const head = reader(mapped(elf, open, pointer, 2 * size), littleEndian, size === 8);
    return mapped(elf, open, head.pointer(0), head.pointer(size));
  };
  return { version: text(16).toString('utf8'), modules: withoutMarks(text(16 + size)) };
}

/** Bytes at an address of the running program. */
function mapped(
  elf: Elf,
  open: () => Iterable<Uint8Array>,
  address: number,
  length: number,
): Buffer {
  const holds = (one: Segment): boolean =>
    address >= one.address && address + length <= one.address + one.size;
  const segment = elf.segments.find(holds);
  if (segment === undefined || length > MAX_DATA)
    throw new Unreadable('has damaged Go build information');
  const source = new ForwardReader(open());
  try {
    const bytes = source.take(segment.offset + (address - segment.address), length);
    if (bytes.length < length) throw new Unreadable('has damaged Go build information');
    return bytes;
  } finally {
    source.close();
  }
}

/** Module information stands between two 16-byte marks, behind a line break. */
function withoutMarks(bytes: Buffer): string {
  if (bytes.length < 33 || bytes[bytes.length - 17] !== 0x0a) return '';
  return bytes.subarray(16, bytes.length - 16).toString('utf8');
}

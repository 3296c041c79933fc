/** A part of the file that the kernel maps into memory. */
export interface Segment {
  readonly offset: number;
  readonly size: number;
  readonly address: number;
  readonly writable: boolean;
}

export interface Elf {
  readonly littleEndian: boolean;
  readonly pointerSize: 4 | 8;
  readonly segments: readonly Segment[];
}

const PT_LOAD = 1;
const PF_X = 1;
const PF_W = 2;
/** Header of a 64-bit file; a 32-bit one is shorter. */
export const ELF_HEADER_SIZE = 64;

const isElf = (start: Buffer): boolean =>
  start.subarray(0, 4).equals(Buffer.from('\x7fELF', 'latin1'));

/** How many bytes of the file hold its program headers; undefined when it is not an ELF file that can be read. */
export function headerLength(start: Buffer): number | undefined {
  if (!isElf(start) || start.length < ELF_HEADER_SIZE) return undefined;
  const { wide, table, entrySize, count } = tableOf(start);
  return entrySize < (wide ? 56 : 32)
    ? undefined
    : Math.max(ELF_HEADER_SIZE, table + entrySize * count);
}

/** Reads program headers. `start` must be as long as `headerLength` says. */
export function readElf(start: Buffer): Elf {
  const { wide, littleEndian, table, entrySize, count } = tableOf(start);
  const read = reader(start, littleEndian, wide);
  const segments: Segment[] = [];
  for (let at = table; at < table + entrySize * count; at += entrySize) {
    if (read.word(at) !== PT_LOAD) continue;
    const flags = read.word(at + (wide ? 4 : 24));
    segments.push({
      offset: read.pointer(at + (wide ? 8 : 4)),
      address: read.pointer(at + (wide ? 16 : 8)),
      size: read.pointer(at + (wide ? 32 : 16)),
      writable: (flags & (PF_X | PF_W)) === PF_W,
    });
  }
  return { littleEndian, pointerSize: wide ? 8 : 4, segments };
}

/** Numbers in the file's byte order. Pointers beyond 2^53 lose precision; no real file has them. */
export function reader(bytes: Buffer, littleEndian: boolean, wide: boolean) {
  const half = (at: number): number =>
    littleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  const word = (at: number): number =>
    littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  const long = (at: number): number =>
    Number(littleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  return { half, word, pointer: wide ? long : word };
}

function tableOf(start: Buffer) {
  const wide = start[4] === 2;
  const littleEndian = start[5] !== 2;
  const read = reader(start, littleEndian, wide);
  const table = read.pointer(wide ? 32 : 28);
  return {
    wide,
    littleEndian,
    table,
    entrySize: read.half(wide ? 54 : 42),
    count: read.half(wide ? 56 : 44),
  };
}

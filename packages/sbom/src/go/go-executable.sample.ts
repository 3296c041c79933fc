/** Address at which the only segment of a made-up executable is mapped; like real ones, its place in the file is aligned differently. */
const ADDRESS = 0x400008;
const HEADERS = 64 + 56;
const DATA = 136;

/** An ELF file with one writable segment that holds the build information as linkers since Go 1.18 write it. */
export function goExecutable(version: string, modules: string): Uint8Array {
  const header = Buffer.alloc(32);
  header.write('\xff Go buildinf:', 'latin1');
  header[14] = 8;
  header[15] = 2;
  const marks = Buffer.alloc(16, 0x30);
  const block = Buffer.concat([marks, Buffer.from(modules), marks]);
  return elf(Buffer.concat([header, prefixed(Buffer.from(version)), prefixed(block)]));
}

/** The same as older linkers wrote it: addresses of string headers. */
export function oldGoExecutable(version: string, modules: string): Uint8Array {
  const marks = Buffer.alloc(16, 0x30);
  const strings = [Buffer.from(version), Buffer.concat([marks, Buffer.from(modules), marks])];
  const header = Buffer.alloc(32);
  header.write('\xff Go buildinf:', 'latin1');
  header[14] = 8;
  const table = Buffer.alloc(32);
  let at = ADDRESS + DATA + header.length + table.length;
  strings.forEach((text, index) => {
    header.writeBigUInt64LE(BigInt(ADDRESS + DATA + header.length + 16 * index), 16 + 8 * index);
    table.writeBigUInt64LE(BigInt(at), 16 * index);
    table.writeBigUInt64LE(BigInt(text.length), 16 * index + 8);
    at += text.length;
  });
  return elf(Buffer.concat([header, table, ...strings]));
}

/** An executable of another language, as large as one of Go. */
export const otherExecutable = (content = ''): Uint8Array => elf(Buffer.from(content));

function elf(data: Buffer): Buffer {
  const start = Buffer.alloc(DATA);
  start.write('\x7fELF\x02\x01\x01', 'latin1');
  start.writeBigUInt64LE(64n, 32);
  start.writeUInt16LE(56, 54);
  start.writeUInt16LE(1, 56);
  start.writeUInt32LE(1, 64);
  start.writeUInt32LE(6, 68);
  start.writeBigUInt64LE(0n, 72);
  start.writeBigUInt64LE(BigInt(ADDRESS), 80);
  const padding = Buffer.alloc(Math.max(0, 300 * 1024 - HEADERS - data.length));
  start.writeBigUInt64LE(BigInt(DATA + data.length + padding.length), 96);
  return Buffer.concat([start, data, padding]);
}

/** Bytes behind their length as an unsigned LEB128 number. */
function prefixed(bytes: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = bytes.length; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.concat([Buffer.from([...length, rest]), bytes]);
    length.push((rest % 128) + 128);
  }
}

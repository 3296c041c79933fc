import { closeSync, openSync, readSync } from 'node:fs';
import type { ByteString } from '@nx-nixpack/base';

const BLOCK = 512;
const PATH = 'path';
const CAPABILITY = 'SCHILY.xattr.security.capability';

/** Reads the capabilities that GNU tar wrote as PAX records (POSIX.1-2001 pax interchange format). */
export function fromTar(archive: string): Map<ByteString, Uint8Array> {
  const file = openSync(archive, 'r');
  const found = new Map<ByteString, Uint8Array>();
  let records = new Map<string, Buffer>();
  try {
    for (let offset = 0; ;) {
      const header = readAt(file, offset, BLOCK);
      if (header.byteLength < BLOCK || header.every((byte) => byte === 0)) return found;
      const size = sizeOf(header, records);
      const type = String.fromCharCode(header[156] ?? 0);
      if (type === 'x') records = recordsOf(readAt(file, offset + BLOCK, size));
      else {
        const value = records.get(CAPABILITY);
        if (value) found.set(nameOf(header, records), value);
        records = new Map();
      }
      offset += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    }
  } finally {
    closeSync(file);
  }
}

function readAt(file: number, offset: number, size: number): Buffer {
  const buffer = Buffer.alloc(size);
  return buffer.subarray(0, readSync(file, buffer, 0, size, offset));
}

function sizeOf(header: Buffer, records: ReadonlyMap<string, Buffer>): number {
  const declared = records.get('size');
  if (declared && header[156] !== 0x78) return Number(declared.toString('latin1'));
  // A hard link's header tells the size of the file, of which nothing follows.
  if (header[156] === 0x31) return 0;
  return parseInt(header.subarray(124, 136).toString('latin1'), 8);
}

/** `LENGTH KEY=VALUE\n`, the length counting itself. */
function recordsOf(content: Buffer): Map<string, Buffer> {
  const records = new Map<string, Buffer>();
  for (let start = 0; start < content.byteLength;) {
    const space = content.indexOf(0x20, start);
    const length = Number(content.subarray(start, space).toString('latin1'));
    if (space < 0 || !(length > 0)) break;
    const equals = content.indexOf(0x3d, space);
    const key = content.subarray(space + 1, equals).toString('latin1');
    records.set(key, Buffer.from(content.subarray(equals + 1, start + length - 1)));
    start += length;
  }
  return records;
}

function nameOf(header: Buffer, records: ReadonlyMap<string, Buffer>): ByteString {
  const text = (from: number, to: number): string =>
    header.subarray(from, to).toString('latin1').split('\0')[0] ?? '';
  const prefix = text(345, 500);
  const name = records.get(PATH)?.toString('latin1') ?? (prefix ? `${prefix}/` : '') + text(0, 100);
  return name.replace(/^\.\//, '') as ByteString;
}

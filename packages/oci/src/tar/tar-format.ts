import type { ByteString, Entry, EntryType } from '@nx-nixpack/base';

/** Everything in a tar is padded to blocks of this size (POSIX.1-2017 pax, ustar interchange format). */
export const BLOCK = 512;

/** An entry as a tar holds it. */
export interface TarEntry extends Entry {
  /** Seconds since 1970, may have a fraction. */
  readonly mtime: number;
}

/** Where each field of a ustar header lies. */
export const FIELDS = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  target: [157, 100],
  magic: [257, 8],
  major: [329, 8],
  minor: [337, 8],
  prefix: [345, 155],
} as const;

export type Field = keyof typeof FIELDS;

export const TYPE_FLAGS: Readonly<Record<Exclude<EntryType, 'socket'>, string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  'character-device': '3',
  'block-device': '4',
  directory: '5',
  fifo: '6',
};

/** Bytes that follow content of `size` bytes up to the next block. */
export const paddingOf = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

/** The checksum of a header: the sum of its bytes, the checksum field counted as spaces. */
export function checksumOf(header: Uint8Array, signed = false): number {
  const [start, length] = FIELDS.checksum;
  let sum = 0;
  for (let index = 0; index < BLOCK; index++) {
    const byte = header[index] as number;
    const inField = index >= start && index < start + length;
    sum += inField ? 32 : signed && byte > 127 ? byte - 256 : byte;
  }
  return sum;
}

/**
 * A name of a tar as a path of our tree: no `.`, no empty part, `..` stops at the root.
 * Absolute names and `..` inside the root are legal and occur in real layers.
 */
export function treePath(name: ByteString): ByteString {
  const path = name.endsWith('/') ? name.slice(0, -1) : name;
  if (!/(?:^|\/)\.{0,2}(?:\/|$)/.test(path)) return path;
  const parts: ByteString[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/') as ByteString;
}

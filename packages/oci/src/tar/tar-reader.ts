import { type ByteString, byteStringOf, type EntryType } from '@nx-nixpack/base';
import { baseInvalid } from '../base-invalid.js';
import { decodePax, type PaxRecords } from './pax.js';
import { nameOf, numberOf, textOf } from './tar-fields.js';
import { BLOCK, checksumOf, FIELDS, paddingOf, type TarEntry, treePath } from './tar-format.js';

export interface TarReceiver {
  /** The next entry. `offset`: where its content begins in the tar. */
  entry(entry: TarEntry, offset: number): void;
  /** A piece of the content of the entry announced last. The bytes are valid during the call only. */
  content(piece: Buffer): void;
}

export interface TarLimits {
  readonly entries: number;
  /** Sum of all contents, in bytes. */
  readonly bytes: number;
}

export const TAR_LIMITS: TarLimits = { entries: 2_000_000, bytes: 64 * 1024 ** 3 };
/** Largest PAX header or GNU long name, as Go's archive/tar has it. */
const MAX_EXTENSION = 1024 * 1024;
const MAX_ID = 0xffff_fffe;

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

/**
 * Reads a tar from pieces of any size: ustar, PAX, GNU, star and V7, names byte by byte.
 * Whiteouts are ordinary entries here. Paths are those of our tree (`treePath`), targets of symlinks as stored.
 * Throws UserError BASE_INVALID, with the index of the entry, for what is malformed or beyond the limits.
 */
export class TarReader {
  readonly #receiver: TarReceiver;
  readonly #layer: string;
  readonly #limits: TarLimits;
  readonly #gathered: Buffer = Buffer.alloc(BLOCK);
  #state: 'header' | 'extension' | 'content' | 'padding' | 'end' = 'header';
  /** Bytes that the current state still waits for. */
  #wanted = BLOCK;
  #padding = 0;
  #position = 0;
  #index = 0;
  #bytes = 0;
  #zeroBlocks = 0;
  #extension: { type: string; pieces: Buffer[] } = { type: '', pieces: [] };
  #global: PaxRecords = new Map();
  #local: PaxRecords = new Map();
  #longName: ByteString | undefined;
  #longTarget: ByteString | undefined;

  /** `layer` names the tar in messages. */
  constructor(receiver: TarReceiver, layer: string, limits: TarLimits = TAR_LIMITS) {
    this.#receiver = receiver;
    this.#layer = layer;
    this.#limits = limits;
  }

  /** Entries read so far. */
  get entries(): number {
    return this.#index;
  }

  write(bytes: Uint8Array): void {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let offset = 0; offset < chunk.byteLength && this.#state !== 'end';) {
      const length = Math.min(this.#wanted, chunk.byteLength - offset);
      this.#take(chunk.subarray(offset, offset + length));
      offset += length;
    }
  }

  /**
   * To be called after the last piece. A tar may lack its two blocks of zeros, and the padding of its last content:
   * umoci writes such ones, and Go reads them.
   */
  end(): void {
    const between =
      this.#state === 'padding' || (this.#state === 'header' && this.#wanted === BLOCK);
    if (this.#state !== 'end' && (!between || this.#hasExtension()))
      throw this.#invalid('ends in the middle of an entry');
  }

  #take(piece: Buffer): void {
    this.#position += piece.byteLength;
    this.#wanted -= piece.byteLength;
    if (this.#state === 'header') this.#takeHeader(piece);
    else if (this.#state === 'content') this.#takeContent(piece);
    else if (this.#state === 'extension') this.#takeExtension(piece);
    else if (this.#wanted === 0) this.#await('header', BLOCK);
  }

  #await(state: 'header' | 'extension' | 'content' | 'padding', bytes: number): void {
    this.#state = state;
    this.#wanted = bytes;
  }

  #takeHeader(piece: Buffer): void {
    if (piece.byteLength === BLOCK) return this.#header(piece);
    piece.copy(this.#gathered, BLOCK - this.#wanted - piece.byteLength);
    if (this.#wanted === 0) this.#header(this.#gathered);
  }

  #takeContent(piece: Buffer): void {
    this.#receiver.content(piece);
    if (this.#wanted === 0)
      this.#await(this.#padding > 0 ? 'padding' : 'header', this.#padding || BLOCK);
  }

  #takeExtension(piece: Buffer): void {
    this.#extension.pieces.push(Buffer.from(piece));
    if (this.#wanted > 0) return;
    const { type, pieces } = this.#extension;
    this.#guard(() => this.#extend(type, Buffer.concat(pieces)));
    this.#await(this.#padding > 0 ? 'padding' : 'header', this.#padding || BLOCK);
  }

  #header(header: Buffer): void {
    this.#await('header', BLOCK);
    if (header.every((byte) => byte === 0)) {
      if (this.#hasExtension()) throw this.#invalid('ends after an extended header');
      if (++this.#zeroBlocks === 2) this.#state = 'end';
      return;
    }
    if (this.#zeroBlocks > 0) throw this.#invalid('continues after a block of zeros');
    const entry = this.#guard(() => this.#readHeader(header));
    if (entry !== undefined) this.#receiver.entry(entry, this.#position);
  }

  #readHeader(header: Buffer): TarEntry | undefined {
    const declared = numberOf(header, 'checksum');
    if (declared !== checksumOf(header) && declared !== checksumOf(header, true))
      throw new Error('the checksum of the header is wrong');
    const type = header.toString('latin1', FIELDS.type[0], FIELDS.type[0] + 1);
    if (!'xXgLK'.includes(type)) return this.#beginEntry(header, type);
    this.#beginExtension(type, numberOf(header, 'size'));
    return undefined;
  }

  #beginExtension(type: string, size: number): void {
    if (size < 0 || size > MAX_EXTENSION) throw new Error('an extended header is too large');
    if (size === 0) return this.#extend(type, Buffer.alloc(0));
    this.#extension = { type, pieces: [] };
    this.#padding = paddingOf(size);
    this.#await('extension', size);
  }

  #extend(type: string, data: Buffer): void {
    if (type === 'L') this.#longName = untilNul(data);
    else if (type === 'K') this.#longTarget = untilNul(data);
    else if (type === 'g')
      this.#global = new Map([...this.#global, ...checkedGlobal(decodePax(data))]);
    else this.#local = decodePax(data);
  }

  #beginEntry(header: Buffer, flag: string): TarEntry {
    if (this.#index >= this.#limits.entries)
      throw new Error(`more than ${this.#limits.entries} entries`);
    const entry = this.#entryOf(header, flag);
    this.#bytes += entry.size;
    if (this.#bytes > this.#limits.bytes)
      throw new Error(`more than ${this.#limits.bytes} bytes of content`);
    this.#index += 1;
    this.#local = new Map();
    this.#longName = this.#longTarget = undefined;
    this.#padding = paddingOf(entry.size);
    if (entry.size > 0) this.#await('content', entry.size);
    return entry;
  }

  #entryOf(header: Buffer, flag: string): TarEntry {
    const name = this.#longName ?? this.#text('path') ?? nameOf(header);
    const type = typeOf(flag, name);
    for (const key of this.#local.keys())
      if (key.startsWith('GNU.sparse.')) throw new Error('sparse files are not supported');
    const path = treePath(name);
    if (name === '' || (path === '' && type !== 'directory'))
      throw new Error('the entry has no name');
    // Only files have content: other types may carry a size that means nothing (as Go's archive/tar reads them).
    const size = type === 'file' ? this.#number(header, 'size', Number.MAX_SAFE_INTEGER) : 0;
    return {
      path,
      type,
      mode: numberOf(header, 'mode') & 0o7777,
      uid: this.#number(header, 'uid', MAX_ID),
      gid: this.#number(header, 'gid', MAX_ID),
      size,
      mtime: this.#mtime(header),
      ...this.#targetOf(header, type),
      ...deviceOf(header, type),
      ...this.#xattrs(),
    };
  }

  #targetOf(header: Buffer, type: EntryType): { target?: ByteString } {
    if (type !== 'symlink' && type !== 'hardlink') return {};
    const target = this.#longTarget ?? this.#text('linkpath') ?? textOf(header, 'target');
    if (target === '') throw new Error('the link has no target');
    return { target: type === 'hardlink' ? treePath(target) : target };
  }

  #xattrs(): { xattrs?: ReadonlyMap<string, Uint8Array> } {
    const found = new Map<string, Uint8Array>();
    for (const [key, value] of [...this.#global, ...this.#local])
      if (key.startsWith('SCHILY.xattr.')) found.set(key.slice('SCHILY.xattr.'.length), value);
    return found.size > 0 ? { xattrs: found } : {};
  }

  /** A PAX record; one without a value stands for the field of the header. */
  #record(key: ByteString): Buffer | undefined {
    const value = this.#local.get(key) ?? this.#global.get(key);
    return value === undefined || value.byteLength === 0 ? undefined : value;
  }

  #text(key: ByteString): ByteString | undefined {
    const value = this.#record(key);
    if (value?.includes(0)) throw new Error(`the PAX record ${key} holds a NUL byte`);
    return value === undefined ? undefined : byteStringOf(value);
  }

  #number(header: Buffer, field: 'uid' | 'gid' | 'size', limit: number): number {
    const text = this.#text(field);
    if (text !== undefined && !/^[0-9]{1,20}$/.test(text))
      throw new Error(`the PAX record ${field} is no number`);
    const value = text === undefined ? numberOf(header, field) : Number(text);
    if (!(value >= 0 && value <= limit)) throw new Error(`the ${field} is out of range`);
    return value;
  }

  #mtime(header: Buffer): number {
    const text = this.#text('mtime');
    if (text === undefined) return numberOf(header, 'mtime');
    if (!/^-?[0-9]{1,15}(?:\.[0-9]*)?$/.test(text))
      throw new Error('the PAX record mtime is no number');
    return Number(text);
  }

  #hasExtension(): boolean {
    return this.#local.size > 0 || this.#longName !== undefined || this.#longTarget !== undefined;
  }

  /** Says where in which layer something malformed was found. */
  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof Error && error.constructor === Error) throw this.#invalid(error.message);
      throw error;
    }
  }

  #invalid(message: string): Error {
    return baseInvalid(
      `layer ${this.#layer} is malformed: entry ${this.#index} before byte ${this.#position}: ${message}`,
    );
  }
}

function typeOf(flag: string, name: ByteString): EntryType {
  const type = ENTRY_TYPES[flag];
  if (type === undefined)
    throw new Error(flag === 'S' ? 'sparse files are not supported' : `unknown type "${flag}"`);
  // Before POSIX a directory was a file whose name ends in a slash.
  return type === 'file' && name.endsWith('/') ? 'directory' : type;
}

function deviceOf(header: Buffer, type: EntryType): { device?: readonly [number, number] } {
  if (type !== 'character-device' && type !== 'block-device') return {};
  return { device: [numberOf(header, 'major'), numberOf(header, 'minor')] };
}

/** A global header that names all entries or gives all one size makes no sense and is read differently by every tool. */
function checkedGlobal(records: PaxRecords): PaxRecords {
  for (const key of ['path', 'linkpath', 'size'])
    if (records.has(key)) throw new Error(`a global PAX header sets ${key}`);
  return records;
}

function untilNul(data: Buffer): ByteString {
  const end = data.indexOf(0);
  return byteStringOf(end < 0 ? data : data.subarray(0, end));
}

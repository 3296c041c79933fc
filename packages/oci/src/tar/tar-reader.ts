import type { ByteString } from '@nx-nixpack/base';
import { baseInvalid } from '../base-invalid.js';
import { decodeEntry, flagOf } from './decode-entry.js';
import { EntryFault } from './entry-fault.js';
import { describePlace, type EntryPlace } from './entry-place.js';
import { ExtendedHeaders, MAX_EXTENSION } from './extended-headers.js';
import { nameOf, numberOf } from './tar-fields.js';
import { BLOCK, paddingOf, type TarEntry } from './tar-format.js';

export interface TarReceiver {
  /**
   * The next entry. `offset`: where its content begins in the tar. An EntryFault that it throws is the tar's and
   * becomes a BASE_INVALID that says where; other errors pass as they are.
   */
  entry(entry: TarEntry, offset: number): void;
  /** A piece of the content of the entry announced last. The bytes are valid during the call only. */
  content(piece: Buffer): void;
}

export interface TarLimits {
  readonly entries: number;
  /** Sum of all contents, in bytes. */
  readonly bytes: number;
}

const ZEROS = Buffer.alloc(BLOCK);
const TAR_LIMITS: TarLimits = { entries: 2_000_000, bytes: 64 * 1024 ** 3 };

/**
 * Reads a tar from pieces of any size: ustar, PAX, GNU, star and V7, names byte by byte.
 * Whiteouts are ordinary entries here. Paths are those of our tree (`treePath`), targets of symlinks as stored.
 * Throws UserError BASE_INVALID, with subject, entry and offset, for what is malformed or beyond the limits.
 */
export class TarReader {
  readonly #receiver: TarReceiver;
  readonly #subject: string;
  readonly #limits: TarLimits;
  readonly #gathered: Buffer = Buffer.alloc(BLOCK);
  readonly #extended = new ExtendedHeaders();
  #state: 'header' | 'extension' | 'content' | 'padding' | 'end' = 'header';
  /** Bytes that the current state still waits for. */
  #wanted = BLOCK;
  #padding = 0;
  #position = 0;
  #entries = 0;
  #bytes = 0;
  #zeroBlocks = 0;
  #extension: { flag: string; pieces: Buffer[] } = { flag: '', pieces: [] };
  #place: { number: number; name: ByteString | undefined; offset: number } = {
    number: 1,
    name: undefined,
    offset: 0,
  };

  /** `subject` names the tar in messages: `Layer sha256:…`. */
  constructor(receiver: TarReceiver, subject: string, limits: TarLimits = TAR_LIMITS) {
    this.#receiver = receiver;
    this.#subject = subject;
    this.#limits = limits;
  }

  /** Entries read so far. */
  get entries(): number {
    return this.#entries;
  }

  /** The entry that is being read, or the one that would come next. */
  get place(): EntryPlace {
    return this.#place;
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
    if (this.#state !== 'end' && (!between || this.#extended.isPending))
      throw this.#invalid('the tar ends in the middle of an entry');
  }

  #take(piece: Buffer): void {
    this.#position += piece.byteLength;
    this.#wanted -= piece.byteLength;
    if (this.#state === 'header') this.#takeHeader(piece);
    else if (this.#state === 'content') this.#takeContent(piece);
    else if (this.#state === 'extension') this.#takeExtension(piece);
    else if (this.#wanted === 0) this.#awaitHeader();
  }

  #await(state: 'header' | 'extension' | 'content' | 'padding', bytes: number): void {
    this.#state = state;
    this.#wanted = bytes;
  }

  #awaitHeader(): void {
    this.#await('header', BLOCK);
    // Extended headers are the beginning of the entry that they are for.
    if (!this.#extended.isPending)
      this.#place = { number: this.#entries + 1, name: undefined, offset: this.#position };
  }

  #awaitPadding(): void {
    if (this.#padding > 0) this.#await('padding', this.#padding);
    else this.#awaitHeader();
  }

  #takeHeader(piece: Buffer): void {
    if (piece.byteLength === BLOCK) return this.#header(piece);
    piece.copy(this.#gathered, BLOCK - this.#wanted - piece.byteLength);
    if (this.#wanted === 0) this.#header(this.#gathered);
  }

  #takeContent(piece: Buffer): void {
    this.#guard(() => this.#receiver.content(piece));
    if (this.#wanted === 0) this.#awaitPadding();
  }

  #takeExtension(piece: Buffer): void {
    this.#extension.pieces.push(Buffer.from(piece));
    if (this.#wanted > 0) return;
    const { flag, pieces } = this.#extension;
    this.#guard(() => this.#extended.add(flag, Buffer.concat(pieces)));
    this.#awaitPadding();
  }

  #header(header: Buffer): void {
    if (header.equals(ZEROS)) return this.#zeros();
    this.#place.name = nameOf(header);
    this.#guard(() => {
      if (this.#zeroBlocks > 0) throw new EntryFault('it follows a block of zeros');
      const flag = flagOf(header);
      if (ExtendedHeaders.isOne(flag)) this.#beginExtension(flag, numberOf(header, 'size'));
      else this.#beginEntry(header, flag);
    });
  }

  #zeros(): void {
    if (this.#extended.isPending) throw this.#invalid('the tar ends in the middle of an entry');
    this.#awaitHeader();
    if (++this.#zeroBlocks === 2) this.#state = 'end';
  }

  #beginExtension(flag: string, size: number): void {
    if (size < 0 || size > MAX_EXTENSION) throw new EntryFault('an extended header is too large');
    this.#padding = paddingOf(size);
    this.#extension = { flag, pieces: [] };
    if (size > 0) return this.#await('extension', size);
    this.#extended.add(flag, Buffer.alloc(0));
    this.#awaitHeader();
  }

  #beginEntry(header: Buffer, flag: string): void {
    this.#place.name = this.#extended.name ?? this.#place.name;
    const entry = decodeEntry(header, flag, this.#extended);
    this.#count(entry);
    this.#extended.reset();
    this.#padding = paddingOf(entry.size);
    this.#receiver.entry(entry, this.#position);
    if (entry.size > 0) this.#await('content', entry.size);
    else this.#awaitHeader();
  }

  #count(entry: TarEntry): void {
    if (++this.#entries > this.#limits.entries)
      throw new EntryFault(`there are more than ${this.#limits.entries} entries`);
    this.#bytes += entry.size;
    if (this.#bytes > this.#limits.bytes)
      throw new EntryFault(`there are more than ${this.#limits.bytes} bytes of content`);
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof EntryFault) throw this.#invalid(error.message);
      throw error;
    }
  }

  #invalid(message: string): Error {
    return baseInvalid(`${this.#subject}: ${describePlace(this.#place)}: ${message}`);
  }
}

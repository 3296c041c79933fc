import { type ByteString, byteStringOf } from '@nx-nixpack/base';
import { EntryFault } from './entry-fault.js';
import { decodePax, type PaxRecords } from './pax.js';

/** Largest extended header, and all global ones together, as Go's archive/tar has it for one. */
export const MAX_EXTENSION = 1024 * 1024;
const XATTR = 'SCHILY.xattr.';
const SPARSE = 'GNU.sparse.';
const NONE: PaxRecords = new Map();

/**
 * The headers that say more about the entry that follows: PAX (`x`, `X`), GNU long name and target (`L`, `K`), and PAX
 * for all entries that follow (`g`). Where tools disagree about the meaning, there is none: two for one entry are refused.
 */
export class ExtendedHeaders {
  #global: PaxRecords = NONE;
  #globalBytes = 0;
  #local: PaxRecords | undefined;
  #longName: ByteString | undefined;
  #longTarget: ByteString | undefined;

  static isOne(flag: string): boolean {
    return 'xXgLK'.includes(flag);
  }

  /** Whether an entry must follow. */
  get isPending(): boolean {
    return [this.#local, this.#longName, this.#longTarget].some((header) => header !== undefined);
  }

  /** The entry that the headers were for is read. */
  reset(): void {
    this.#local = this.#longName = this.#longTarget = undefined;
  }

  add(flag: string, data: Buffer): void {
    if (flag === 'L') this.#longName = untilNul(onlyOne(this.#longName, data));
    else if (flag === 'K') this.#longTarget = untilNul(onlyOne(this.#longTarget, data));
    else if (flag === 'g') this.#addGlobal(data);
    else this.#local = withoutSparse(decodePax(onlyOne(this.#local, data)));
  }

  /** The name that takes the place of the header's. */
  get name(): ByteString | undefined {
    const name = this.text('path');
    return this.#longName === undefined ? name : onlyOne(name, this.#longName);
  }

  get target(): ByteString | undefined {
    const target = this.text('linkpath');
    return this.#longTarget === undefined ? target : onlyOne(target, this.#longTarget);
  }

  text(key: string): ByteString | undefined {
    const value = this.#record(key);
    if (value?.includes(0)) throw new EntryFault(`the PAX record ${key} holds a NUL byte`);
    return value === undefined ? undefined : byteStringOf(value);
  }

  get xattrs(): ReadonlyMap<string, Uint8Array> | undefined {
    const found = [...(this.#local ?? NONE)]
      .filter(([key]) => key.startsWith(XATTR))
      .map(([key, value]): [string, Uint8Array] => [key.slice(XATTR.length), value]);
    return found.length > 0 ? new Map(found) : undefined;
  }

  /** A PAX record; one without a value stands for the field of the header. */
  #record(key: string): Buffer | undefined {
    const value = this.#local?.get(key) ?? this.#global.get(key);
    return value === undefined || value.byteLength === 0 ? undefined : value;
  }

  #addGlobal(data: Buffer): void {
    if (this.isPending) throw new EntryFault('a global header parts an entry from its headers');
    this.#globalBytes += data.byteLength;
    if (this.#globalBytes > MAX_EXTENSION) throw new EntryFault('global headers are too large');
    this.#global = new Map([...this.#global, ...checkedGlobal(decodePax(data))]);
  }
}

function onlyOne<T>(existing: unknown, next: T): T {
  if (existing !== undefined) throw new EntryFault('two extended headers say the same of an entry');
  return next;
}

function withoutSparse(records: PaxRecords): PaxRecords {
  for (const key of records.keys())
    if (key.startsWith(SPARSE)) throw new EntryFault('sparse files are not supported');
  return records;
}

/** A global header that names all entries or gives all one size makes no sense and is read differently by every tool. */
function checkedGlobal(records: PaxRecords): PaxRecords {
  for (const key of withoutSparse(records).keys())
    if (['path', 'linkpath', 'size'].includes(key) || key.startsWith(XATTR))
      throw new EntryFault(`a global PAX header sets ${key.slice(0, 40)}`);
  return records;
}

function untilNul(data: Buffer): ByteString {
  const end = data.indexOf(0);
  return byteStringOf(end < 0 ? data : data.subarray(0, end));
}

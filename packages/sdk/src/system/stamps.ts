import type { BigIntStats } from 'node:fs';

/** Device, inode, mode, size, modification time, change time. */
const FIELDS = 6;

/**
 * What tells that files are still those that were looked at: 48 bytes a file, where the system's own answer takes more than
 * a kilobyte. A source may have hundreds of thousands.
 */
export class Stamps {
  #values = new BigUint64Array(FIELDS * 1024);
  #count = 0;

  /** Remembers a file; the answer is its number. */
  add(stat: BigIntStats): number {
    const at = this.#count++;
    if (at * FIELDS === this.#values.length) this.#grow();
    this.#values.set(fieldsOf(stat), at * FIELDS);
    return at;
  }

  /** The change time tells of an edit even when the modification time was set back. */
  matches(at: number, stat: BigIntStats): boolean {
    return fieldsOf(stat).every((value, field) => this.#values[at * FIELDS + field] === value);
  }

  #grow(): void {
    const values = new BigUint64Array(this.#values.length * 2);
    values.set(this.#values);
    this.#values = values;
  }
}

/** Times before 1970 are negative; the kernel's numbers have 64 bits. */
const fieldsOf = ({ dev, ino, mode, size, mtimeNs, ctimeNs }: BigIntStats): bigint[] =>
  [dev, ino, mode, size, mtimeNs, ctimeNs].map((value) => BigInt.asUintN(64, value));

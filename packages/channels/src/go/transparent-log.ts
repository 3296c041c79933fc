import { createHash } from 'node:crypto';
import { invalid } from '../failures.js';

/** The state of a log that somebody has signed. */
export interface TreeHead {
  readonly size: number;
  readonly root: Buffer;
}

/** Hashes of a tile, 32 bytes each (golang.org/x/mod/sumdb/tlog, tiles of height 8). */
export type ReadTile = (tile: Tile) => Promise<Buffer>;

export interface Tile {
  readonly level: number;
  readonly index: number;
  /** Hashes that it holds, at most 256. */
  readonly width: number;
}

const HASH = 32;
const HEIGHT = 8;
const FULL = 2 ** HEIGHT;

/** Hash of a record (RFC 6962, 2.1). */
export const recordHash = (record: string): Buffer =>
  createHash('sha256').update(Buffer.of(0)).update(record).digest();

const nodeHash = (left: Buffer, right: Buffer): Buffer =>
  createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest();

/** That a record stands at a place of the log. Throws UserError ARCHIVE_INVALID. */
export async function requireIncluded(
  { record, place }: { readonly record: string; readonly place: number },
  head: TreeHead,
  read: ReadTile,
): Promise<void> {
  if (place >= head.size) throw invalid('The checksum database names a place beyond its own end');
  const log = new Log(head.size, read);
  const root = await log.rootWith(place, recordHash(record), 0, head.size);
  if (!root.equals(head.root))
    throw invalid('The checksum database answers what is not in the log that it has signed');
}

class Log {
  readonly #size: number;
  readonly #read: ReadTile;
  readonly #tiles = new Map<string, Promise<Buffer>>();

  constructor(size: number, read: ReadTile) {
    this.#size = size;
    this.#read = read;
  }

  /** The root of the records from `low` to `high`, when the one at `place` has this hash. */
  async rootWith(place: number, hash: Buffer, low: number, high: number): Promise<Buffer> {
    if (high - low === 1) return hash;
    const middle = low + largestPowerBelow(high - low);
    return place < middle
      ? nodeHash(await this.rootWith(place, hash, low, middle), await this.#root(middle, high))
      : nodeHash(await this.#root(low, middle), await this.rootWith(place, hash, middle, high));
  }

  async #root(low: number, high: number): Promise<Buffer> {
    const count = high - low;
    const level = Math.log2(count);
    if (Number.isInteger(level)) return this.#stored(level, low / count);
    const middle = low + largestPowerBelow(count);
    return nodeHash(await this.#root(low, middle), await this.#root(middle, high));
  }

  /** The hash of a whole subtree: from the tile that holds what it consists of. */
  async #stored(level: number, index: number): Promise<Buffer> {
    const tileLevel = Math.floor(level / HEIGHT);
    const count = 2 ** (level % HEIGHT);
    const first = index * count;
    const tile = await this.#tile(tileLevel, Math.floor(first / FULL));
    const at = (first % FULL) * HASH;
    return subtree(tile.subarray(at, at + count * HASH), count);
  }

  #tile(level: number, index: number): Promise<Buffer> {
    const key = `${level}/${index}`;
    const known = this.#tiles.get(key) ?? this.#fetched(level, index);
    this.#tiles.set(key, known);
    return known;
  }

  async #fetched(level: number, index: number): Promise<Buffer> {
    const there = Math.floor(this.#size / FULL ** level) - index * FULL;
    const width = Math.min(FULL, there);
    const bytes = await this.#read({ level, index, width });
    if (bytes.length === width * HASH) return bytes;
    throw invalid('The checksum database sends a tile that is not whole');
  }
}

function subtree(hashes: Buffer, count: number): Buffer {
  if (count === 1) return hashes;
  const half = (count / 2) * HASH;
  return nodeHash(
    subtree(hashes.subarray(0, half), count / 2),
    subtree(hashes.subarray(half), count / 2),
  );
}

/** The largest power of two that is smaller. */
const largestPowerBelow = (count: number): number => 2 ** Math.ceil(Math.log2(count) - 1);

import { closeSync, fchmodSync, fchownSync, futimesSync, writeSync } from 'node:fs';
import type { TarEntry } from '../tar/tar-format.js';

/** A new file of a layer that waits for its content. */
export class OpenFile {
  readonly #file: number;
  readonly #entry: TarEntry;
  #left: number;

  constructor(file: number, entry: TarEntry) {
    this.#file = file;
    this.#entry = entry;
    this.#left = entry.size;
  }

  /** Whether all of the content is there. */
  get isComplete(): boolean {
    return this.#left === 0;
  }

  write(piece: Buffer): void {
    for (let offset = 0; offset < piece.byteLength;)
      offset += writeSync(this.#file, piece, offset, piece.byteLength - offset);
    this.#left -= piece.byteLength;
  }

  /** The mode comes last: a change of the owner or the content takes set-id bits away. */
  seal(): void {
    const { uid, gid, mode, mtime } = this.#entry;
    fchownSync(this.#file, uid, gid);
    fchmodSync(this.#file, mode);
    futimesSync(this.#file, timeOf(mtime), timeOf(mtime));
    this.close();
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Seconds since 1970 as Node takes them: it reads a negative number as the present, a Date as what it is. */
export const timeOf = (seconds: number): number | Date =>
  seconds < 0 ? new Date(Math.max(seconds * 1000, -8.64e15)) : seconds;

import { encodeText, isWithin, type ByteString, type FileTree } from '@nx-nixpack/base';
import type { Ownership } from '../recipe/recipe.js';

/** Who owns the entries of a layer: the ids of the recipe at and below its paths, those of the tree elsewhere. */
export class Owners {
  readonly #ownership: Ownership;
  readonly #roots: readonly ByteString[];

  constructor(ownership: Ownership) {
    this.#ownership = ownership;
    this.#roots = ownership.paths.map((path) => encodeText(path.replace(/^\/+/, '')));
  }

  /** undefined where an entry keeps its ids. */
  of(path: ByteString): Pick<Ownership, 'uid' | 'gid'> | undefined {
    return this.#roots.some((root) => isWithin(path, root)) ? this.#ownership : undefined;
  }

  /** What of a base gets the run user's ids by being written again. */
  pathsIn(base: FileTree): ByteString[] {
    return this.#roots.filter((path) => base.entry(path) !== undefined);
  }
}

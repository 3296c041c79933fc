import { baseName, bytes } from '@nx-nixpack/base';
import { EntryFault } from '../tar/entry-fault.js';
import type { TarEntry } from '../tar/tar-format.js';

export interface BudgetLimits {
  /** Entries of all layers. */
  readonly entries: number;
  /** Directories that no entry stands for: one long path makes many. */
  readonly implied: number;
  /** Bytes of names, targets of links and extended attributes, which are held in memory. */
  readonly text: number;
  /** Steps along paths and looks at what a whiteout removes, beyond those that every entry may take. */
  readonly work: number;
}

export const BUDGET_LIMITS: BudgetLimits = {
  entries: 2_000_000,
  implied: 200_000,
  text: 128 * 1024 ** 2,
  work: 10_000_000,
};
/** Steps that an entry may take for nothing; paths of real images are shorter. */
const FREE_STEPS = 32;

/** What all layers of one image together may cost in memory and time, however small they are. */
export class ImageBudget {
  readonly #limits: BudgetLimits;
  #entries = 0;
  #implied = 0;
  #text = 0;
  #work = 0;
  #free = 0;

  constructor(limits: BudgetLimits = BUDGET_LIMITS) {
    this.#limits = limits;
  }

  entry({ path, target = bytes``, xattrs = new Map() }: TarEntry): void {
    this.#free = FREE_STEPS;
    if (++this.#entries > this.#limits.entries)
      throw new EntryFault(`the image has more than ${this.#limits.entries} entries`);
    const attributes = [...xattrs].reduce(
      (sum, [key, value]) => sum + key.length + value.length,
      0,
    );
    this.#text += baseName(path).length + target.length + attributes;
    if (this.#text > this.#limits.text)
      throw new EntryFault('the names, links and attributes of the image take too much memory');
  }

  /** One more directory that no entry stands for. */
  implied(): void {
    if (++this.#implied > this.#limits.implied)
      throw new EntryFault(`the image leaves out more than ${this.#limits.implied} directories`);
  }

  /** One more step along a path, or one more look at what a whiteout may remove. */
  step(): void {
    if (this.#free > 0) this.#free -= 1;
    else if (++this.#work > this.#limits.work)
      throw new EntryFault('the paths and whiteouts of the image take too much work');
  }
}

import type { RuntimeWish } from '@nx-nixpack/plan';
import { isSoft } from '../toolchains/versions/choose.js';
import { constraint } from '../toolchains/versions/constraint.js';
import { npmRange } from '../toolchains/versions/npm-range.js';
import { numbersOf, type Numbers } from '../toolchains/versions/numbers.js';
import { pythonRange } from '../toolchains/versions/python-range.js';
import { atLeast, type Fits } from '../toolchains/versions/range.js';

const minimum = (text: string): Fits | undefined => {
  const numbers = numbersOf(text);
  return numbers && atLeast(numbers);
};
/** Since 1.21 it fetches the version that go.mod asks for, see https://go.dev/doc/toolchain. */
const goFits = (text: string): Fits | undefined => {
  const fits = minimum(text);
  return fits && ((version) => fits(version) || atLeast([1, 21])(version));
};
const npmFits = (text: string): Fits | undefined => npmRange(text.replace(/^v(?=\d)/, ''));

/** How each language's words are read; those of no list share a grammar. */
const GRAMMARS: Readonly<Record<string, (text: string) => Fits | undefined>> = {
  ...{ node: npmFits, bun: npmFits, deno: npmFits, pnpm: npmFits, yarn: npmFits },
  python: (text) => (numbersOf(text) ? constraint(text) : pythonRange(text)),
  go: goFits,
  // rustup brings the toolchain that a source names.
  rust: () => undefined,
};

/** Whether a version that files tell is what the source asks for. What is not known is. */
export function isAskedFor(found: string, wish: RuntimeWish): boolean {
  const numbers = numbersOf(/^\d+(?:\.\d+)*/.exec(found)?.[0] ?? '');
  if (isSoft(wish) || wish.version === undefined || numbers === undefined) return true;
  const grammar = GRAMMARS[wish.name] ?? constraint;
  const fits = grammar(wish.version.trim());
  return fits === undefined || completions(numbers, wish.version).some(fits);
}

/** A file may tell no more than `3.11`: then any patch may be there, the one that is asked for too. */
function completions(numbers: Numbers, asked: string): Numbers[] {
  if (numbers.length > 2) return [numbers];
  const named = [...asked.matchAll(/\d+(?:\.\d+)*/g)].map(([text]) => numbersOf(text) ?? []);
  const started = named.filter((one) => numbers.every((part, at) => one[at] === part));
  return [
    numbers,
    [...numbers, ...(numbers.length === 1 ? [0, 0] : [0])],
    [...numbers, ...(numbers.length === 1 ? [999, 999] : [999])],
    ...started,
  ];
}

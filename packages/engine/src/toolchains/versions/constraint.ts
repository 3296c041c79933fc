import { numbersOf, type Numbers } from './numbers.js';
import { all, any, anything, atLeast, below, not, prefix, staying, type Fits } from './range.js';

const TERM = /^(\^|~>|~|>=|<=|!=|==|=|>|<)?v?([0-9]+(?:\.[0-9]+)*)((?:\.[*x])*)(?:[-+@].*)?$/;
const ANYTHING = /^(?:\*|x|@[a-z]+)$/;

/**
 * What a source asks for in the words that Composer, RubyGems, Hex and Shards share: alternatives (`||`, `or`) of terms that
 * all hold. A plain version is a prefix: `8.2` is every 8.2. Undefined for a text that is none of this.
 * Grammars: https://getcomposer.org/doc/articles/versions.md, https://guides.rubygems.org/patterns/.
 */
export function constraint(text: string): Fits | undefined {
  const alternatives = spelled(text).map((terms) => terms.map(fitsOf));
  if (alternatives.some((tests) => tests.length === 0 || tests.includes(undefined)))
    return undefined;
  return any(alternatives.map((tests) => all(tests.filter((fits) => fits !== undefined))));
}

/** Alternatives, each a list of terms without white space. */
function spelled(text: string): string[][] {
  const joined = text
    .trim()
    .replace(/([0-9.]+)\s+-\s+([0-9.]+)/g, '>=$1,<=$2')
    .replace(/([<>=~^!])\s+/g, '$1');
  return joined
    .split(/\s*\|\|?\s*|\s+or\s+/)
    .map((one) => one.split(/\s*,\s*|\s+and\s+|\s+/).filter((term) => term !== ''));
}

function fitsOf(term: string): Fits | undefined {
  if (ANYTHING.test(term)) return anything;
  const [, operator = '', text = '', wildcard] = TERM.exec(term) ?? [];
  const numbers = numbersOf(text);
  if (numbers === undefined) return undefined;
  if (wildcard !== '') return operator === '!=' ? not(prefix(numbers)) : prefix(numbers);
  return OPERATORS[operator]?.(numbers) ?? prefix(numbers);
}

const pessimistic = (low: Numbers): Fits => staying(low, low.length - 1);
const OPERATORS: Readonly<Record<string, (numbers: Numbers) => Fits>> = {
  '>=': atLeast,
  '<': below,
  '>': (low) => all([atLeast(low), not(prefix(low))]),
  '<=': (high) => any([below(high), prefix(high)]),
  '!=': (numbers) => not(prefix(numbers)),
  '^': (low) => staying(low, low[0] === 0 ? 2 : 1),
  '~': pessimistic,
  '~>': pessimistic,
};

import { compareNumbers, type Numbers } from './numbers.js';
import { all, any, anything, atLeast, below, compatible, complete } from './range.js';
import { not, prefix, staying, type Fits } from './range.js';

const SPECIFIER = /^(~=|===?|!=|<=|>=|<|>|\^|~)?\s*v?([0-9]{1,9}(?:\.[0-9]{1,9}){0,3})(\.\*)?$/;

/**
 * Versions as https://packaging.python.org/en/latest/specifications/version-specifiers/ and Poetry's constraints name them.
 * `==3.12` means every 3.12, as people mean it. Undefined when it is none of these.
 */
export function pythonRange(range: string): Fits | undefined {
  if (range.length > 256) return undefined;
  const alternatives = complete(range.split(/\|\|?/).map(alternative));
  return alternatives && any(alternatives);
}

function alternative(text: string): Fits | undefined {
  const parts = text
    .split(/,|\s+(?=[~=!<>^])/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.every((part) => part === '*')) return anything;
  const specifiers = complete(parts.map(specifier));
  return specifiers && all(specifiers);
}

function specifier(text: string): Fits | undefined {
  const [, operator = '', version] = SPECIFIER.exec(text) ?? [];
  if (version === undefined) return undefined;
  const numbers = version.split('.').map(Number);
  if (operator === '~=') return staying(numbers, numbers.length - 1);
  if (operator === '~') return staying(numbers, Math.min(numbers.length, 2));
  if (operator === '^') return compatible(numbers);
  if (operator === '>=') return atLeast(numbers);
  if (operator === '<') return below(numbers);
  if (operator === '!=') return not(prefix(numbers));
  if (operator === '>') return above(numbers);
  return operator === '<=' ? atMost(numbers) : prefix(numbers);
}

const above =
  (numbers: Numbers): Fits =>
  (version) =>
    compareNumbers(version, numbers) > 0;

const atMost =
  (numbers: Numbers): Fits =>
  (version) =>
    compareNumbers(version, numbers) <= 0;

import { quote } from '@nx-nixpack/base';

/** The way to a value from the root of its document: keys and indexes. */
export type Path = undefined | { readonly above: Path; readonly step: string | number };

export const below = (above: Path, step: string | number): Path => ({ above, step });

export function stepsOf(path: Path): readonly (string | number)[] {
  const steps: (string | number)[] = [];
  for (let at = path; at !== undefined; at = at.above) steps.unshift(at.step);
  return steps;
}

/** `a.b[0].c`; '' is the root. */
export function pathText(path: Path): string {
  const text = (whole: string, step: string | number): string =>
    typeof step === 'number' ? `${whole}[${step}]` : whole === '' ? step : `${whole}.${step}`;
  return stepsOf(path).reduce(text, '');
}

/** How faults speak of a value. */
export type Naming = (path: Path) => string;

/** The value's own key, quoted: enough beside a line number. Elements of a list have their index. */
export const byKey =
  (root: string): Naming =>
  (path) => {
    if (path === undefined) return root;
    return quote(lastKey(stepsOf(path)));
  };

function lastKey(steps: readonly (string | number)[]): string {
  const from = steps.findLastIndex((step) => typeof step === 'string');
  return steps
    .slice(Math.max(from, 0))
    .map((step) => (typeof step === 'number' ? `[${step}]` : step))
    .join('');
}

/** The whole way from the root: for documents that nobody wrote, which have no line numbers worth showing. */
export const byPath =
  (root: string): Naming =>
  (path) =>
    path === undefined ? root : pathText(path);

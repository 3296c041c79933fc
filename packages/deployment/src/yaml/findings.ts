import type { ErrorCode, Problem } from '@nx-nixpack/base';
import type { SourceText } from './source-text.js';

/** A problem whose places are still offsets into the file. */
export interface Finding {
  readonly code: ErrorCode;
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
  readonly related?: readonly number[];
}

/** Collects what is wrong with one file; nothing stops at the first problem. */
export class Findings {
  readonly #all: Finding[];

  constructor(found: readonly Finding[] = []) {
    this.#all = [...found];
  }

  add(finding: Finding): void {
    this.#all.push(finding);
  }

  /** Everything found, in order of place; what aliases let us find twice is told once. */
  found(ignored?: Range): readonly Finding[] {
    const seen = new Set<string>();
    return this.#all
      .filter(({ offset }) => !ignored || offset < ignored.from || offset >= ignored.to)
      .filter((finding) => isNew(seen, finding))
      .sort((a, b) => a.offset - b.offset);
  }

  problems(source: SourceText, ignored?: Range): Problem[] {
    return problemsOf(this.found(ignored), source);
  }
}

/** A part of a file, by offsets. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export const problemsOf = (found: readonly Finding[], source: SourceText): Problem[] =>
  found.slice(0, MOST_PROBLEMS).map((finding) => problemOf(finding, source));

/** Nobody reads more of one file; the rest shows when these are mended. */
const MOST_PROBLEMS = 1000;

function isNew(seen: Set<string>, { code, offset, message }: Finding): boolean {
  const key = `${offset} ${code} ${message}`;
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

/** The finding with its places as lines and columns. */
export function problemOf(finding: Finding, source: SourceText): Problem {
  const { code, message, hint, offset, related } = finding;
  const at = source.at(offset);
  if (related === undefined) return { code, message, hint, at };
  return { code, message, hint, at, related: related.map((place) => source.at(place)) };
}

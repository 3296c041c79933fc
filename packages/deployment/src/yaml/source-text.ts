import { UserError, type Position, type WorkspacePath } from '@nx-nixpack/base';

/** Keys, values, lists and maps of a file, unless the caller allows more: enough for 10,000 components. */
const MAX_VALUES = 250_000;
/** Larger files are refused unread. */
export const maxBytes = (maxValues = MAX_VALUES): number => 32 * maxValues;

/** A deployment file as text that can name the place of each of its characters. */
export class SourceText {
  readonly file: WorkspacePath;
  readonly text: string;
  readonly maxValues: number;
  readonly #lineStarts: readonly number[];
  /** Where characters begin that are two UTF-16 units: the others are one, so that columns need no counting. */
  readonly #pairs: readonly number[];

  constructor(file: WorkspacePath, text: string, maxValues = MAX_VALUES) {
    this.file = file;
    this.text = text;
    this.maxValues = maxValues;
    this.#lineStarts = lineStarts(text);
    this.#pairs = [...text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g)].map(({ index }) => index);
  }

  /** Line and column of an offset into `text` (UTF-16 units). Both begin at 1; columns count characters. */
  at(offset: number): Position {
    const line = this.lineOf(offset);
    const start = this.#lineStarts[line] ?? 0;
    const pairs = below(this.#pairs, offset) - below(this.#pairs, start);
    return { file: this.file, line: line + 1, column: offset - start - pairs + 1 };
  }

  /** Index of the line that holds an offset, from 0. */
  lineOf(offset: number): number {
    return below(this.#lineStarts, offset + 1) - 1;
  }
}

/** How many of some ascending numbers are smaller. */
function below(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1))
    starts.push(end + 1);
  return starts;
}

/** Reads bytes as UTF-8, without replacing what is not. UserError CONFIG_TOO_LARGE, CONFIG_ENCODING. */
export function decodeSource(
  file: WorkspacePath,
  content: Uint8Array,
  maxValues = MAX_VALUES,
): SourceText {
  const most = maxBytes(maxValues);
  if (content.byteLength > most) throw tooLarge({ file, line: 1, column: 1 }, `${most} bytes`);
  const text = decode(content, false);
  if (text !== undefined) return new SourceText(file, text, maxValues);
  const before = readableStart(content);
  throw new UserError({
    code: 'CONFIG_ENCODING',
    message: 'The file is not UTF-8 from here on',
    hint: 'Save it as UTF-8.',
    at: new SourceText(file, before).at(before.length),
  });
}

function decode(bytes: Uint8Array, stream: boolean): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream });
  } catch {
    return undefined;
  }
}

/** The longest part from the start that is UTF-8. */
function readableStart(content: Uint8Array): string {
  let low = 0;
  let high = content.byteLength;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (decode(content.subarray(0, middle), true) === undefined) high = middle - 1;
    else low = middle;
  }
  return decode(content.subarray(0, low), true) ?? '';
}

export const tooLarge = (at: Position, what: string): UserError =>
  new UserError({
    code: 'CONFIG_TOO_LARGE',
    message: `The file has more than ${what}`,
    hint: "Split it into several deployments, or raise the plugin's option maxDeploymentValues.",
    at,
  });

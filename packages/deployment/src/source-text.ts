import { UserError, type Position } from '@nx-nixpack/base';

/** Larger deployment files are refused unread. */
export const MAX_BYTES = 1024 * 1024;

/** A deployment file as text that can name the place of each of its characters. */
export class SourceText {
  readonly file: string;
  readonly text: string;
  readonly #lineStarts: readonly number[];
  /** The place asked for last: neighbours on one long line are then counted once, not again from its start. */
  #last = { offset: 0, line: 0, column: 1 };

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.#lineStarts = lineStarts(text);
  }

  /** Line and column of an offset into `text` (UTF-16 units). Both begin at 1; columns count characters. */
  at(offset: number): Position {
    const line = this.lineOf(offset);
    const start = this.#lineStarts[line] ?? 0;
    const known = this.#last.line === line && this.#last.offset <= offset;
    const from = known ? this.#last : { offset: start, column: 1 };
    const column = from.column + countCharacters(this.text, from.offset, offset);
    this.#last = { offset, line, column };
    return { file: this.file, line: line + 1, column };
  }

  /** Index of the line that holds an offset, from 0. */
  lineOf(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1))
    starts.push(end + 1);
  return starts;
}

function countCharacters(text: string, from: number, to: number): number {
  let count = 0;
  for (let index = from; index < to; count += 1)
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  return count;
}

/** Reads bytes as UTF-8, without replacing what is not. UserError CONFIG_TOO_LARGE, CONFIG_ENCODING. */
export function decodeSource(file: string, content: Uint8Array): SourceText {
  if (content.byteLength > MAX_BYTES)
    throw new UserError({
      code: 'CONFIG_TOO_LARGE',
      message: `The file has more than ${MAX_BYTES} bytes`,
      hint: 'Split it into several deployments.',
      at: { file, line: 1, column: 1 },
    });
  const text = decode(content, false);
  if (text !== undefined) return new SourceText(file, text);
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

import { isScalar, visit } from 'yaml';
import type { Document, Scalar } from 'yaml';

/**
 * The line breaks of libyaml (YAML 1.1, 5.4) for a parser that knows those of YAML 1.2: carriage return and next line are
 * line feeds to it, line and paragraph separator are breaks that folding keeps. The text is as long as its source.
 */
export const withLineFeeds = (source: string): string =>
  source.replace(/\r(?!\n)|[\u0085\u2028\u2029]/g, '\n');

const SEPARATOR = /[\u2028\u2029]/;
/** What stands for a break of a scalar while the scalar is parsed: controls, which no source may have. */
const MARKS: Readonly<Record<string, string>> = {
  '\n': '\u0001',
  '\u2028': '\u0002',
  '\u2029': '\u0003',
};
const BREAKS = new Map(Object.entries(MARKS).map(([line, mark]) => [mark, line]));

/** A text in which the breaks that a separator takes part in are marks, each line of them with one line feed. */
export interface MarkedText {
  readonly text: string;
  /** The offset in the source of an offset in the text. */
  readonly original: (offset: number) => number;
}

interface Run {
  readonly start: number;
  readonly end: number;
  /** What the breaks come to. */
  readonly marks: string;
}

/** The marked text; undefined when no scalar of the document, which was parsed from `text`, has a separator. */
export function marked(source: string, text: string, document: Document): MarkedText | undefined {
  const runs = SEPARATOR.test(source) ? runsOf(source, text, document) : [];
  if (runs.length === 0) return undefined;
  const pieces: { readonly at: number; readonly from: number }[] = [{ at: 0, from: 0 }];
  let result = '';
  let from = 0;
  for (const { start, end, marks } of runs) {
    result += `${text.slice(from, start)}${marks}\n`;
    from = end;
    pieces.push({ at: result.length, from });
  }
  const original = (offset: number): number => {
    const { at, from: begin } = pieces.findLast((piece) => piece.at <= offset) ?? {
      at: 0,
      from: 0,
    };
    return begin + offset - at;
  };
  return { text: result + text.slice(from), original };
}

/** Every row of breaks with a separator in it that lies inside a scalar, in the order of the text. */
function runsOf(source: string, text: string, document: Document): readonly Run[] {
  const found = new Map<number, Run>();
  visit(document, (_key, node) => {
    if (!isScalar(node) || !node.range) return;
    const [start, end] = node.range;
    const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
    const rows = isBlock ? /\n/g : /[ \t\r]*\n(?:[ \t\r]*\n)*/g;
    for (const { 0: row, index } of text.slice(start, end).matchAll(rows)) {
      const run = runAt(start + index, source.slice(start + index, start + index + row.length));
      const line = text.slice(text.lastIndexOf('\n', run.start - 1) + 1, run.start);
      if (run.marks !== '' && (isBlock ? isContent(line, run, start) : !isEscaped(line, node)))
        found.set(run.start, run);
    }
  });
  return [...found.values()].sort((a, b) => a.start - b.start);
}

/** A line feed that begins a row is folded: into a space when it is alone, into nothing before others. */
function runAt(start: number, row: string): Run {
  const breaks = [...row.replace(/\r\n?|\u0085/g, '\n')];
  const kept = breaks.filter((each) => Object.hasOwn(MARKS, each));
  if (kept[0] === '\n') kept.shift();
  const marks = kept.map((each) => MARKS[each] ?? '').join('');
  return { start, end: start + row.length, marks: SEPARATOR.test(row) ? marks : '' };
}

/** A mark in an empty line of a block, or at the end of its header, would be content of its own: it stays a line feed. */
const isContent = (line: string, { start }: Run, block: number): boolean =>
  line.trim() !== '' && start - line.length > block;

const isEscaped = (line: string, { type }: Scalar): boolean =>
  type === 'QUOTE_DOUBLE' && (/\\*$/.exec(line)?.[0].length ?? 0) % 2 === 1;

/** The value of a scalar with breaks in place of marks; the line feed after them, folded or not, is none of it. */
export const withSeparators = (value: string): string =>
  value.replace(/([\u0001-\u0003]+)[ \n]?/g, (_, marks: string) =>
    [...marks].map((mark) => BREAKS.get(mark) ?? '').join(''),
  );

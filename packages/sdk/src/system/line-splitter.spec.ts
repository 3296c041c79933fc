import { redactor } from '@nx-nixpack/base';
import fc from 'fast-check';
import { lineSplitter } from './line-splitter.js';

function linesOf(chunks: readonly Uint8Array[]): string[] {
  const lines: string[] = [];
  const splitter = lineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.write(Buffer.from(chunk));
  splitter.end();
  return lines;
}

/** The bytes of a text, cut at any places. */
function cut(text: string, places: readonly number[]): Uint8Array[] {
  const bytes = Buffer.from(text, 'utf8');
  const ends = [...places.map((at) => at % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

it('gives the same lines however they come, so that no secret passes in pieces', () => {
  const secret = 'pä55 word/of+the=lines';
  const form = fc.constantFrom(
    secret,
    Buffer.from(`u:${secret}`).toString('base64'),
    encodeURIComponent(secret),
    JSON.stringify(secret),
  );
  const line = fc.tuple(fc.string(), form, fc.string()).map((parts) => parts.join(' '));
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 6 }),
      fc.array(fc.nat(), { maxLength: 40 }),
      (all, places) => {
        const lines = all.map((text) => text.replace(/[\r\n]/g, ''));
        const found = linesOf(cut(lines.map((text) => `${text}\n`).join(''), places));
        expect(found).toEqual(lines);
        const shown = found.map(redactor([secret])).join('\n');
        const base64 = Buffer.from(`u:${secret}`).toString('base64').slice(3, -4);
        for (const part of [secret, base64, 'word%2Fof']) expect(shown).not.toContain(part);
      },
    ),
  );
});

it('cuts lines without end, between words where there are any', () => {
  const words = linesOf(cut('word-of-many '.repeat(20_000), [30_001, 60_002, 90_003, 120_004]));
  expect(words.length).toBeGreaterThan(1);
  for (const line of words) expect(line).toMatch(/^(?:word-of-many )+$/);
  const bytes = linesOf(Array.from({ length: 4 }, () => Buffer.alloc(40_000, 'x')));
  expect(bytes.map(({ length }) => length)).toEqual([80_000, 80_000]);
});

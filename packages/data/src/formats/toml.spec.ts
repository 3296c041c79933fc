import { parse } from 'smol-toml';

import { DataFault } from './data-node.js';
import type { DataNode } from './data-node.js';
import { parseToml } from './toml.js';

/** Plain values, as a parser without positions would answer. */
function plain(node: DataNode): unknown {
  if (node.kind === 'list') return node.items.map(plain);
  if (node.kind === 'map')
    return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
  if (node.kind === 'integer') return Number(node.value);
  return node.kind === 'datetime' ? new Date(String(node.value)).getTime() : node.value;
}

const AGREED = [
  'a = 1\nb = "x"\n[c]\nd = [1, 2]\n',
  'a = [\n  1, # one\n  2,\n]\n',
  '[a.b]\nc = 1\n[a]\nd = 2\n',
  'a.b.c = 1\na.b.d = "x"\n',
  '[[t]]\nx = 1\n[[t]]\nx = 2\n[t.u]\ny = 3\n',
  'x = { a = 1, "b c" = [true, false], d = {} }\n',
  "a = 'C:\\path'\nb = '''\nline\nline'''\nc = \"\"\"a \\\n   b\"\"\"\n",
  'h = 0xff\no = 0o17\nb = 0b101\nu = 1_000\nf = 1.5e-3\n',
  'a = "\\u00e9\\t\\"\\\\"\n',
  '"quoted key" = 1\n\'literal.key\' = 2\n',
  '# nothing\n\n',
  'd = 1979-05-27T07:32:00Z\n',
];

describe('parseToml', () => {
  it.each(AGREED)('agrees with another parser on %j', (source) => {
    const expected: unknown = JSON.parse(
      JSON.stringify(parse(source), (_key, value: unknown) =>
        typeof value === 'string' && /^\d{4}-/.test(value) ? new Date(value).getTime() : value,
      ),
    );
    expect(plain(parseToml(source))).toEqual(expected);
  });

  it.each([
    ['a = {\nb = 1}', 5],
    ['a = {b = 1,}', 11],
    ['a = "\\e"', 6],
    ['a = "\\x41"', 6],
    ['a = 1\n[x]\n[x]', 11],
    ['[[x]]\n[x]', 7],
    ['a = 01', 4],
    ['a = .5', 4],
    ['a = 1__0', 4],
    ['a = 9223372036854775808', 4],
    ['a = "\n"', 5],
    ['a = 1 b = 2', 6],
    ['a', 1],
    ['= 1', 0],
    ["a = 'x", 4],
    ['a.b = 1\na.b.c = 2', 8],
  ])('refuses %j at %i', (source, offset) => {
    expect(() => parseToml(source)).toThrow(expect.objectContaining({ offset }));
  });

  it('accepts a byte order mark and arrays of mixed types', () => {
    expect(plain(parseToml('\ufeffa = [1, "x"]'))).toEqual({ a: [1, 'x'] });
  });

  it('keeps repeated keys, for the reader to judge', () => {
    const node = parseToml('a = 1\na = 2\n[a]\n');
    expect(node.kind === 'map' && node.entries.map(({ key }) => key)).toEqual(['a', 'a', 'a']);
  });

  it('ends on hostile input', () => {
    expect(() => parseToml(`a = ${'['.repeat(50_000)}`)).toThrow(DataFault);
    expect(() => parseToml(`a = ${'{a='.repeat(50_000)}`)).toThrow(DataFault);
  });
});

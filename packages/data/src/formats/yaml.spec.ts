import { DataFault } from './data-node.js';
import { dictionary, list, nullable, readOrThrow, struct, text } from '../shape/index.js';
import { parseYaml } from './yaml.js';

const entries = (source: string): readonly (readonly [string, string])[] => [
  ...readOrThrow(dictionary(text()), parseYaml(source)),
];

describe('parseYaml', () => {
  it.each([
    ['web: 8080', '8080'],
    ['web: 1.50', '1.50'],
    ['web: off', 'off'],
    ['web: ~', '~'],
    ['web: null', 'null'],
    ['web:', ''],
    ['web: "a\\tb"', 'a\tb'],
    ["web: 'a''b'", "a'b"],
    ['web: a\n  b', 'a b'],
    ['web: a #c', 'a'],
    ['web: a#c', 'a#c'],
    ['web: |\n  a\n  b\n', 'a\nb\n'],
    ['web: |\n  a\n  b', 'a\nb'],
    ['web: &x y', 'y'],
    ['\ufeffweb: a', 'a'],
  ])('reads %j as the text %j', (source, expected) => {
    expect(entries(source)).toEqual([['web', expected]]);
  });

  it.each(['[', '{', '{a: [', '- ', '? '])(
    'refuses a depth of %s that would end the process',
    (open) => {
      expect(() => parseYaml(open.repeat(50_000))).toThrow(DataFault);
    },
  );

  it('keeps repeated keys: the last one wins in a map, a struct refuses them', () => {
    expect(entries('a: 1\nb: 2\na: 3')).toEqual([
      ['a', '3'],
      ['b', '2'],
    ]);
    expect(() => readOrThrow(struct({ a: text() }), parseYaml('a: 1\na: 2'))).toThrow(
      /given twice/,
    );
  });

  it('takes an empty document for an empty map, and null for an absent field', () => {
    for (const source of ['', '# only', '---\n', '!tag ']) expect(entries(source)).toEqual([]);
    expect(readOrThrow(struct({ a: nullable(text()) }), parseYaml('a: ~'))).toEqual({});
  });

  it('resolves aliases', () => {
    expect(readOrThrow(list(text()), parseYaml('- &a x\n- *a'))).toEqual(['x', 'x']);
  });

  it.each([
    'web: [ -f x ] && y',
    'web: "a b" c',
    'web: echo a: b',
    'web: %x',
    'web: @x',
    'web: `x',
    'web: *x',
    ': x',
    'a: 1\n---\nb: 2',
    'web: x\u0007',
    'a: "x',
  ])('refuses %j', (source) => {
    expect(() => entries(source)).toThrow(DataFault);
  });

  it.each(['web: [a]', 'web: {a: b}', 'web:x'])('finds no text in %j', (source) => {
    expect(() => entries(source)).toThrow(/must be (text|a map)/);
  });

  it('counts a byte order mark as a column, as nixpacks does', () => {
    expect(entries('\ufeffweb: a\n worker: b')).toEqual([
      ['web', 'a'],
      ['worker', 'b'],
    ]);
    expect(entries('\ufeff# first\nweb: a\nworker: b')).toHaveLength(2);
    for (const source of ['\ufeffweb: a\nworker: b', '\ufeff- a\n- b', '\ufeff---\nweb: a'])
      expect(() => entries(source)).toThrow(DataFault);
  });

  // Recorded from libyaml.
  it.each([
    ['web: a \u2028 b', 'a\u2028b'],
    ['web: a\u2028\n b', 'a\u2028\nb'],
    ['web: a\n\u2028 b', 'a\u2028b'],
    ['web: a\u2028\u2029 b', 'a\u2028\u2029b'],
    ['web: a\n\n\u2028 b', 'a\n\u2028b'],
    ['web: a\u2028\n\n b\n c', 'a\u2028\n\nb c'],
    ['web: "a \u2028 b"', 'a\u2028b'],
    ['web: "x\\\u2028 y"', 'xy'],
    ["web: 'a \u2029 b'", 'a\u2029b'],
    ['web: |\n a\u2028 b\n', 'a\u2028b\n'],
    ['web: >\n a\u2028 b\n c\n', 'a\u2028b c\n'],
    ['web: x\u0085 y', 'x y'],
    ['web: x\r\n  y', 'x y'],
    ['web: x\r  y', 'x y'],
  ])('breaks lines in %j as libyaml does: %j', (source, expected) => {
    expect(entries(source)).toEqual([['web', expected]]);
  });

  it('ends keys and comments at every line break, and keeps positions after one', () => {
    const twice = [
      ['web', 'a'],
      ['worker', 'b'],
    ];
    expect(entries('web: a\u2028worker: b')).toEqual(twice);
    expect(entries('web: a # c\u2029worker: b')).toEqual(twice);
    const node = parseYaml('web: a\u2028 b\nworker: c');
    expect(node.kind === 'map' && node.entries.map(({ offset }) => offset)).toEqual([0, 10]);
  });

  it('may end more than once, but not go on', () => {
    for (const end of ['...\n...\n', '... # c\n\n# d\n...', '...\n...\n...\n'])
      expect(entries(`web: a\n${end}`)).toEqual([['web', 'a']]);
    for (const more of ['...\n...\nb: 2', '...\nb: 2', '...\n---\n'])
      expect(() => entries(`web: a\n${more}`)).toThrow(DataFault);
  });

  it('stops at aliases that multiply', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level++) {
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    }
    expect(() => parseYaml(lines.join('\n'))).toThrow(/too deeply/);
  });
});

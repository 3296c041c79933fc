import { DataFault } from './data-node.js';
import { mapOf, optional, record, text, texts } from './shape.js';
import { parseYaml } from './yaml.js';

const entries = (source: string): readonly (readonly [string, string])[] => [
  ...mapOf(text)(parseYaml(source)),
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

  it('keeps repeated keys: the last one wins in a map, a record refuses them', () => {
    expect(entries('a: 1\nb: 2\na: 3')).toEqual([
      ['a', '3'],
      ['b', '2'],
    ]);
    expect(() => record({ a: text })(parseYaml('a: 1\na: 2'))).toThrow(/given twice/);
  });

  it('takes an empty document for an empty map, and null for an absent field', () => {
    for (const source of ['', '# only', '---\n', '!tag ']) expect(entries(source)).toEqual([]);
    expect(record({ a: optional(text) })(parseYaml('a: ~')).a).toBeUndefined();
  });

  it('resolves aliases', () => {
    expect(texts(parseYaml('- &a x\n- *a'))).toEqual(['x', 'x']);
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
    expect(() => entries(source)).toThrow(/expected a/);
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

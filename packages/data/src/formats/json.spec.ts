import { DataFault, memberOf } from './data-node.js';
import { parseJson } from './json.js';
import { plainJson, withoutComments } from './jsonc.js';
import { anyValue, list, readOrThrow } from '../shape/index.js';

const offsetOf = (work: () => unknown): number => {
  try {
    work();
  } catch (error) {
    if (error instanceof DataFault) return error.offset;
    throw error;
  }
  return -1;
};

describe('parseJson', () => {
  it('reads every kind of value', () => {
    const source = ' {"a":[1,-0.5e+2,true,false,null,"x\\u00e9\\ud83d\\ude00\\n"]} ';
    const items = readOrThrow(list(anyValue), memberOf(parseJson(source), 'a') ?? parseJson('{}'));
    expect(items.map((item) => ('value' in item ? item.value : item.kind))).toEqual([
      1,
      -50,
      true,
      false,
      null,
      'xé😀\n',
    ]);
  });

  it.each([
    ['', 0],
    ['\ufeff{}', 0],
    ['{"a":1,}', 7],
    ['{a:1}', 1],
    ['[1,]', 3],
    ['01', 1],
    ['+1', 0],
    ['.5', 0],
    ['1.', 1],
    ['"a', 2],
    ['"a\nb"', 2],
    ['"\\x"', 2],
    ['"\\ud800"', 7],
    ['{} {}', 3],
    ['// c\n{}', 0],
    ['nul', 0],
    ["{'a':1}", 1],
  ])('refuses %j at %i', (source, offset) => {
    expect(offsetOf(() => parseJson(source))).toBe(offset);
  });

  it('reads 200,000 values of a document and no more', () => {
    const list = (values: number): string =>
      `[${Array(values - 1)
        .fill(0)
        .join(',')}]`;
    expect(parseJson(list(200_000))).toMatchObject({ kind: 'list' });
    expect(() => parseJson(list(200_001))).toThrow('more than 200000 values');
  });

  it('refuses what is nested too deeply instead of running out of stack', () => {
    expect(() => parseJson('['.repeat(100_000))).toThrow(/too deeply/);
    expect(() => parseJson(`${'['.repeat(127)}${']'.repeat(127)}`)).not.toThrow();
  });
});

it('gives the last of repeated members', () => {
  expect(memberOf(parseJson('{"a":"1","b":"2","a":"3"}'), 'a')).toMatchObject({ value: '3' });
  expect(memberOf(parseJson('[]'), 'a')).toBeUndefined();
});

describe('comments', () => {
  it('go everywhere the way nixpacks drops them, also inside strings', () => {
    expect(withoutComments('{"a": 1} // c\n/* d */')).toBe('{"a": 1}     \n       ');
    expect(() => parseJson(withoutComments('{"a":"http://x"}'))).toThrow(DataFault);
  });

  it('stay inside strings outside conformance mode', () => {
    expect(plainJson('{"a":"http://x\\"//y"}//z')).toBe('{"a":"http://x\\"//y"}   ');
  });

  it('go together with trailing commas and byte order marks, as TypeScript and Deno read them', () => {
    const text = '\ufeff{"a": [1, /* x */ // y\n ], "b": ",]", // z\n}';
    expect(JSON.parse(plainJson(text))).toEqual({ a: [1], b: ',]' });
    expect(plainJson(text)).toHaveLength(text.length);
    expect(() => JSON.parse(plainJson('[1,,]')) as unknown).toThrow();
  });

  it('take no longer than their length, closed or not', () => {
    const many = 50_000;
    const before = performance.now();
    for (const text of [`[1, ${'//'.repeat(many)}\n 2]`, `[1, ${'/**/'.repeat(many)} 2]`])
      expect(JSON.parse(plainJson(text))).toEqual([1, 2]);
    for (const text of ['/* '.repeat(many), `"${'\\"'.repeat(many)}`, ','.repeat(many)])
      expect(plainJson(text) === text).toBe(true);
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

import { expectMarked, load, problemsOf, shop } from '../shop.fixture.js';

const repeat = (text: string, times: number): string => text.repeat(times);

describe('the structure of a file', () => {
  it.each([
    ['brackets left open', shop({ components: 'web: [' }), 'CONFIG_SYNTAX'],
    ['a tab as indentation', 'deployment:\n\tname: a', 'CONFIG_SYNTAX'],
    ['a second document', `${shop()}---\na: 1\n`, 'CONFIG_SYNTAX'],
    ['an alias without anchor', 'a: *b', 'CONFIG_SYNTAX'],
    ['65 lists in each other', `${repeat('[', 65)}${repeat(']', 65)}`, 'CONFIG_TOO_DEEP'],
    ['lists never closed', repeat('[', 500_000), 'CONFIG_TOO_DEEP'],
    ['lists by hyphens', repeat('- ', 300_000), 'CONFIG_TOO_DEEP'],
    ['maps by braces', repeat('{a: ', 200_000), 'CONFIG_TOO_DEEP'],
    ['a key more than there may be', repeat('- a\n', 250_000), 'CONFIG_TOO_LARGE'],
    [
      '130,000 keys',
      Array.from({ length: 130_000 }, (_, i) => `k${i}: 1\n`).join(''),
      'CONFIG_TOO_LARGE',
    ],
    ['two million braces', repeat('}', 2_000_000), 'CONFIG_TOO_LARGE'],
    ['six million line feeds', repeat('\n', 6_000_000), 'CONFIG_TOO_LARGE'],
    ['many anchors', `a: ${repeat('&a ', 1_100_000)}`, 'CONFIG_TOO_LARGE'],
    ['many tags', `a: ${repeat('!a ', 1_100_000)}`, 'CONFIG_TOO_LARGE'],
    ['one byte more than there may be', repeat(' ', 8_000_001), 'CONFIG_TOO_LARGE'],
    ['an anchor in itself', 'a: &a [*a]', 'CONFIG_ALIAS_LIMIT'],
    ['an anchor in its own value', 'deployment: &a { name: { x: *a } }', 'CONFIG_ALIAS_LIMIT'],
  ])('%s is reported alone', (_name, text, code) => {
    expect(load(text).problems.map((problem) => problem.code)).toEqual([code]);
  });

  it('may be as large as it may be', () => {
    expect(problemsOf(repeat(' ', 8_000_000))).toEqual(['1:1 CONFIG_MISSING_KEY']);
    expect(problemsOf(repeat('- a\n', 249_999))).toEqual(['1:1 CONFIG_WRONG_TYPE']);
    expect(problemsOf(`${repeat('[', 64)}${repeat(']', 64)}`)).toEqual(['1:1 CONFIG_WRONG_TYPE']);
  });

  it('is UTF-8 all through', () => {
    const bad = Buffer.concat([Buffer.from('deployment:\n  name: "é'), Buffer.from([0xff, 0x22])]);
    expect(problemsOf(bad)).toEqual(['2:11 CONFIG_ENCODING']);
    expect(problemsOf(Buffer.concat([Buffer.from('# é'), Buffer.from([0xe2, 0x82])]))).toEqual([
      '1:4 CONFIG_ENCODING',
    ]);
    expect(problemsOf(Buffer.from(`\ufeff${shop()}`, 'utf16le'))).toEqual(['1:1 CONFIG_ENCODING']);
  });

  it('may begin with a byte order mark and end its lines as Windows does', () => {
    const text = shop({ vars: 'start_cmd: |\n  a\n  b\n' });
    const { deployment, problems } = load(`\ufeff${text.replace(/\n/g, '\r\n')}`);
    expect(problems).toEqual([]);
    expect(deployment?.components).toMatchObject([{ vars: { startCmd: 'a\nb\n' } }]);
  });
});

describe('aliases', () => {
  it('that multiply are refused before they are expanded', () => {
    const list = (item: string): string => `[${Array(9).fill(item).join(', ')}]`;
    const lines = Array.from(
      { length: 10 },
      (_, i) => `a${i}: &a${i} ${list(i === 0 ? 'x' : `*a${i - 1}`)}\n`,
    );
    expect(load(lines.join('')).problems.map(({ code }) => code)).toEqual(['CONFIG_ALIAS_LIMIT']);
  });

  it('that merge a large map often are refused', () => {
    const keys = Array.from({ length: 1000 }, (_, i) => `k${i}: 1`).join(', ');
    const merges = Array.from({ length: 1000 }, (_, i) => `n${i}: { <<: *m }\n`).join('');
    expect(load(`m: &m { ${keys} }\n${merges}`).problems.map(({ code }) => code)).toEqual([
      'CONFIG_ALIAS_LIMIT',
    ]);
  });

  it('that nest too deep are refused', () => {
    const deep = (inside: string): string => `${repeat('[', 40)}${inside}${repeat(']', 40)}`;
    expect(load(`a: &a ${deep('x')}\nb: ${deep('*a')}`).problems.map(({ code }) => code)).toEqual([
      'CONFIG_ALIAS_LIMIT',
    ]);
  });

  it('stand for the value before them; what is wrong with it is shown where they stand', () => {
    expectMarked('deployment:\n  description: &n X Y\n  name: «CONFIG_INVALID_NAME»*n');
    const text = shop({ vars: 'env: &e { A: b }\nbuild_env: *e' });
    expect(load(text).deployment?.components).toMatchObject([{ vars: { buildEnv: { A: 'b' } } }]);
  });
});

describe('merge keys', () => {
  const labelsOf = (yaml: string): unknown => load(shop({ rest: yaml })).deployment?.labels;

  it('give what the map itself does not', () => {
    expect(labelsOf('labels: { <<: [{ a: 1, b: 1 }, { a: 2, c: 2 }], b: 3 }')).toEqual({
      a: '1',
      b: '3',
      c: '2',
    });
  });

  it.each([
    'labels: { <<: «CONFIG_WRONG_TYPE»x }',
    'labels: { «CONFIG_INVALID_VALUE»"<<": x }',
    'labels: { <<: { «CONFIG_FORBIDDEN_KEY»__proto__: x } }',
    'labels: { <<: { a: 1 }, «CONFIG_DUPLICATE_KEY»<<: { b: 1 } }',
    'stacks: [&m «CONFIG_WRONG_TYPE»{ a: 1 }]\nlabels: { <<: *m }',
  ])('%s', (rest) => {
    expectMarked(shop({ rest }));
  });
});

describe('keys', () => {
  it.each([
    'labels: { a: 1, «CONFIG_DUPLICATE_KEY»a: 2, «CONFIG_DUPLICATE_KEY»"a": 3 }',
    'labels: { 1: x, «CONFIG_DUPLICATE_KEY»"1": y }',
    'labels: { ? «CONFIG_WRONG_TYPE»[a] : b, «CONFIG_WRONG_TYPE»{ c: d }: e }',
    'labels: {«CONFIG_INVALID_VALUE» : x }',
  ])('%s', (rest) => {
    expectMarked(shop({ rest }));
  });

  it('given twice name the first place too', () => {
    expect(load('a: 1\na: 2').problems.at(-1)).toMatchObject({
      message: expect.stringContaining('1:1') as string,
      related: [{ line: 1, column: 1 }],
    });
  });

  it('of objects change nothing', () => {
    load(shop({ vars: 'env: { __proto__: { polluted: yes } }' }));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('tags', () => {
  it.each([
    'build_cmd: «CONFIG_UNSAFE_TAG»!exec id',
    'build_cmd: «CONFIG_UNSAFE_TAG»!!python/object:os.system [id]',
    'build_cmd: «CONFIG_UNSAFE_TAG»!!js/function "() => 1"',
    'build_cmd: «CONFIG_UNSAFE_TAG»!!binary aGk=',
    'build_cmd: «CONFIG_UNSAFE_TAG»!e!x id',
    'build_cmd: «CONFIG_UNSAFE_TAG»!env AWS_SECRET_ACCESS_KEY',
    'env: «CONFIG_UNSAFE_TAG»!!set { A, B }',
    'env: { «CONFIG_UNSAFE_TAG»!x A: b }',
    'env: !!map { A: !!str 1, B: !!int 2, C: !<tag:yaml.org,2002:str> 3, D: ! x }',
  ])('%s', (vars) => {
    expectMarked(shop({ vars }));
  });
});

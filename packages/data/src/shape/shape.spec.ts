import { parseJson } from '../formats/json.js';
import {
  anyValue,
  byPath,
  contextKey,
  count,
  dictionary,
  documented,
  either,
  entriesOf,
  flag,
  integer,
  jsonSchemaOf,
  lenient,
  list,
  mapOf,
  mapped,
  nodeOf,
  nullable,
  oneOf,
  optional,
  pattern,
  readOrThrow,
  readShape,
  refine,
  rewritten,
  settings,
  struct,
  text,
  textOf,
  withDefault,
  type Field,
  type Infer,
} from './index.js';
import { ShapeFault } from './read-shape.js';

const faultsOf = (shape: Field, source: string) =>
  readShape(shape, parseJson(source)).faults.map(({ code, offset, path, message }) => [
    code,
    offset,
    path,
    message,
  ]);
const read = (shape: Field, source: string) => readOrThrow(shape, parseJson(source));

describe('struct', () => {
  const shape = struct({ a: text(), b: optional(count), c: withDefault(flag, true) });

  it('reads its fields, fills in defaults and leaves out what is left out', () => {
    const value: Infer<typeof shape> = readOrThrow(shape, parseJson('{"a": "x"}'));
    expect(value).toEqual({ a: 'x', c: true });
    expect(Object.hasOwn(value, 'b')).toBe(false);
  });

  it('collects every fault with its place', () => {
    expect(faultsOf(shape, '{"b": -1, "B": 1, "c": "no"}')).toEqual([
      ['CONFIG_UNKNOWN_KEY', 10, 'B', 'Unknown key "B" at the top'],
      ['CONFIG_MISSING_KEY', 0, '', 'The document lacks the key "a"'],
      ['CONFIG_INVALID_VALUE', 6, 'b', '"-1" is not a valid "b"'],
      ['CONFIG_WRONG_TYPE', 23, 'c', '"c" must be true or false, not text'],
    ]);
  });

  it('suggests the key that was meant', () => {
    const [fault] = readShape(
      struct({ require_lock: flag }),
      parseJson('{"requireLock": true}'),
    ).faults;
    expect(fault?.hint).toBe('Did you mean require_lock?');
  });

  it('gives what it could read in spite of faults', () => {
    expect(readShape(shape, parseJson('{"b": 1, "c": 0}'))).toMatchObject({ draft: { b: 1 } });
    expect(readShape(shape, parseJson('{"b": 1, "c": 0}'))).not.toHaveProperty('value');
  });

  it('skips keys that no field names, when told to', () => {
    expect(read(struct({ a: text() }, { unknown: 'skip' }), '{"a": "x", "z": 1, "z": 2}')).toEqual({
      a: 'x',
    });
  });

  it('refuses a field that is given twice, by itself or by an alias', () => {
    const manifest = struct({ a: text() }, { aliases: { A: 'a' } });
    expect(read(manifest, '{"A": "x"}')).toEqual({ a: 'x' });
    expect(faultsOf(manifest, '{"A": "x", "a": "y"}')).toEqual([
      ['CONFIG_DUPLICATE_KEY', 11, 'a', 'The key "a" is given twice'],
    ]);
  });

  it('takes no key of Object.prototype for a field', () => {
    expect(faultsOf(struct({}), '{"toString": 1}')).toHaveLength(1);
    const skipping = struct({ toString: optional(text()) }, { unknown: 'skip' });
    expect(read(skipping, '{"__proto__": 1, "constructor": 2}')).toEqual({});
    expect(read(mapOf(text(), text()), '{"__proto__": "x"}')).toEqual({ ['__proto__']: 'x' });
  });
});

describe('settings', () => {
  it('are snake_case in the file and camelCase in the value', () => {
    const shape = settings({ build_image: text(), dev_dependencies: withDefault(text(), 'auto') });
    const value: Infer<typeof shape> = readOrThrow(shape, parseJson('{"build_image": "b"}'));
    expect([value.buildImage, value.devDependencies]).toEqual(['b', 'auto']);
  });
});

describe('presence', () => {
  it('null is a wrong type for what may be left out, and left out for what may be null', () => {
    expect(faultsOf(struct({ a: optional(text()) }), '{"a": null}')).toHaveLength(1);
    expect(read(struct({ a: nullable(text()) }), '{"a": null}')).toEqual({});
  });

  it('what is lenient counts as left out when it does not fit', () => {
    const shape = struct({ a: lenient(list(text())) });
    expect(read(shape, '{"a": ["x", 1]}')).toEqual({});
    expect(read(shape, '{"a": ["x"]}')).toEqual({ a: ['x'] });
  });
});

describe('collections', () => {
  it('of a repeated key of a map the last one wins, and what is wrong is not in it', () => {
    const shape = mapOf(text(), count);
    expect(read(shape, '{"a": 1, "a": 2}')).toEqual({ a: 2 });
    expect(readShape(shape, parseJson('{"a": 1, "b": "x"}')).draft).toEqual({ a: 1 });
  });

  it('a dictionary keeps the order of the file, numbers as keys included', () => {
    const shape = dictionary(count);
    expect([...readOrThrow(shape, parseJson('{"b": 1, "2": 2, "1": 3, "b": 4}'))]).toEqual([
      ['b', 4],
      ['2', 2],
      ['1', 3],
    ]);
    expect([...readOrThrow(shape, parseJson('{"__proto__": 1}')).keys()]).toEqual(['__proto__']);
    expect(faultsOf(shape, '{"a": "x"}')).toEqual([
      ['CONFIG_WRONG_TYPE', 6, 'a', '"a" must be a number, not text'],
    ]);
  });

  it('keys have a grammar, and are told by their place', () => {
    const key = text({ grammar: pattern(/^[a-z]+$/, 9, 'Use a-z.'), code: 'CONFIG_INVALID_NAME' });
    expect(faultsOf(mapOf(key, count), '{"ok": 1, "N0": 2}')).toEqual([
      ['CONFIG_INVALID_NAME', 10, 'N0', '"N0" is not a valid name'],
    ]);
    expect(read(entriesOf(key, count), '{"b": 1, "a": 2}')).toEqual([
      { name: 'b', at: 1, value: 1 },
      { name: 'a', at: 9, value: 2 },
    ]);
  });

  it('lists may ask for elements, each once', () => {
    const shape = struct({ l: list(oneOf('a', 'b'), { once: true, least: 1 }) });
    expect(faultsOf(shape, '{"l": ["a", "b", "a", "c"]}')).toEqual([
      ['CONFIG_INVALID_VALUE', 17, 'l[2]', '"a" is named twice'],
      ['CONFIG_INVALID_VALUE', 22, 'l[3]', '"c" is not a valid "l[3]"'],
    ]);
    expect(faultsOf(shape, '{"l": []}')).toEqual([
      ['CONFIG_INVALID_VALUE', 6, 'l', '"l" is empty'],
    ]);
  });
});

describe('scalars', () => {
  it('numbers are whole and within their range', () => {
    const port = integer(1, 65535);
    expect(read(port, '8080')).toBe(8080);
    for (const wrong of ['0', '65536', '1.5', '-1']) expect(faultsOf(port, wrong)).toHaveLength(1);
    expect(read(count, '9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
    expect(faultsOf(count, '9007199254740993')).toHaveLength(1);
  });

  it('words may be numbers and flags, which are not text', () => {
    expect(read(oneOf(1), '1')).toBe(1);
    expect(faultsOf(oneOf(1), '"2"')).toHaveLength(1);
    expect(faultsOf(oneOf('1'), '1')).toHaveLength(1);
    expect(faultsOf(oneOf('a', 'b'), '["a"]')).toHaveLength(1);
  });

  it('repeats no text that may be a secret', () => {
    const shape = struct({
      env: text({ grammar: pattern(/^[A-Z]+$/, 9, 'Name a variable.'), sensitive: true }),
    });
    expect(JSON.stringify(readShape(shape, parseJson('{"env": "hunter2"}')))).not.toContain(
      'hunter2',
    );
  });
});

describe('derived shapes', () => {
  it('a rule or another type sees only what is right', () => {
    const even = refine(count, (value) =>
      value % 2 === 0 ? undefined : { message: 'It is odd', hint: 'Write an even number.' },
    );
    expect(read(even, '2')).toBe(2);
    expect(faultsOf(even, '3')).toEqual([['CONFIG_INVALID_VALUE', 0, '', 'It is odd']]);
    const halves = mapped(list(even), (values) => values.map((value) => value / 2));
    expect(read(halves, '[2, 4]')).toEqual([1, 2]);
    expect(faultsOf(halves, '[2, 3]')).toHaveLength(1);
  });

  it('a short spelling is rewritten first', () => {
    const long = struct({ name: text() });
    const shape = rewritten(long, (slot) =>
      slot.node.kind === 'text' ? { ...slot, node: nodeOf({ name: textOf(slot.node) }) } : slot,
    );
    expect(read(shape, '"a"')).toEqual({ name: 'a' });
    expect(read(shape, '{"name": "a"}')).toEqual({ name: 'a' });
  });

  it('sums are chosen by what fits', () => {
    expect(read(either(count, text()), '"x"')).toBe('x');
    expect(faultsOf(either(count, text()), '[]')).toHaveLength(1);
  });

  it('shapes may ask what their reader lends them', () => {
    const key = contextKey<ReadonlySet<string>>('known names');
    const known = refine(text(), (value, _slot, reading) =>
      reading.contextOf(key).has(value) ? undefined : { message: 'It is unknown' },
    );
    const context = new Map([[key.symbol, new Set(['a'])]]);
    expect(readOrThrow(known, nodeOf('a'), { context })).toBe('a');
    expect(() => readOrThrow(known, nodeOf('b'), { context })).toThrow('It is unknown');
    expect(() => readOrThrow(known, nodeOf('a'))).toThrow('a shape needs Symbol(known names)');
  });
});

describe('faults', () => {
  it('are named by their way from the root where nobody wrote the document', () => {
    const shape = struct({ a: list(struct({ b: count })) });
    const { faults } = readShape(shape, nodeOf({ a: [{ b: 1 }, { b: 'x' }] }), {
      naming: byPath('it'),
    });
    expect(faults).toMatchObject([
      { path: 'a[1].b', message: 'a[1].b must be a number, not text' },
    ]);
  });

  it('the first one is thrown for readers that stop there', () => {
    const shape = struct({ a: count, b: count });
    expect(() => readOrThrow(shape, parseJson('{"a": "", "b": ""}'))).toThrow(ShapeFault);
    expect(() => readOrThrow(shape, parseJson('{"a": "", "b": ""}'))).toThrow('"a" must be');
  });

  it('nothing is said about what has been reported', () => {
    const refused = { kind: 'refused', value: null, offset: 0 } as const;
    for (const shape of [text(), flag, count, oneOf('a'), list(text()), struct({})] as Field[])
      expect(readShape(shape, refused)).toEqual({ draft: undefined, faults: [] });
  });
});

describe('jsonSchemaOf', () => {
  it('says keys, defaults, meanings and grammars', () => {
    const shape = settings({
      build_image: documented('Base of the build.', optional(text())),
      user: documented(
        'Who runs it.',
        withDefault(text({ grammar: pattern(/^\d+$/, 9, 'x') }), '1'),
      ),
      ports: list(integer(1, 9), { once: true }),
      rest: mapOf(text(), anyValue),
    });
    expect(jsonSchemaOf(shape)).toEqual({
      type: 'object',
      properties: {
        build_image: {
          type: ['string', 'number', 'boolean'],
          description: 'Base of the build.',
        },
        user: {
          type: ['string', 'number', 'boolean'],
          description: 'Who runs it.',
          pattern: '^\\d+$',
          maxLength: 9,
          default: '1',
        },
        ports: {
          type: 'array',
          items: { type: 'integer', minimum: 1, maximum: 9 },
          uniqueItems: true,
        },
        rest: { type: 'object', additionalProperties: {} },
      },
      required: ['ports', 'rest'],
      additionalProperties: false,
    });
  });
});

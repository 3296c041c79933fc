/** A record with one thing changed, and what that is. */
export interface Tampered {
  readonly what: string;
  readonly record: unknown;
}

type Path = readonly (string | number)[];
type Change = readonly [what: string, change: (value: unknown) => unknown];

/** In place of a value: nothing there. */
const REMOVED = Symbol('removed');

/** Every field of a record, at any depth, with everything done to it that a reader may overlook. */
export function tamperedFields(record: unknown): Tampered[] {
  return places(record, []).flatMap(({ path, value }) =>
    changesOf(value, path)
      .map(([what, change]) => ({
        what: `${path.join('.') || '(all)'} ${what}`,
        record: changed(record, path, change),
      }))
      .filter((tampered) => JSON.stringify(tampered.record) !== JSON.stringify(record)),
  );
}

function places(value: unknown, path: Path): { path: Path; value: unknown }[] {
  const children = Array.isArray(value)
    ? value.map((one, at) => [at, one] as const)
    : isObject(value)
      ? Object.entries(value)
      : [];
  return [{ path, value }, ...children.flatMap(([key, one]) => places(one, [...path, key]))];
}

function changesOf(value: unknown, path: Path): Change[] {
  const both: Change[] = [
    ['as null', () => null],
    ['as a list of itself', (was) => [was]],
    ['as text', () => JSON.stringify(value)],
  ];
  const gone: Change[] = path.length === 0 ? [] : [['removed', () => REMOVED]];
  return [...both, ...gone, ...ofItsKind(value)];
}

function ofItsKind(value: unknown): Change[] {
  if (typeof value === 'string') return textChanges(value);
  if (typeof value === 'boolean') return [['turned', () => !value]];
  if (typeof value === 'number')
    return [
      ['with one more', () => value + 1],
      ['as a fraction', () => value + 0.5],
      ['below zero', () => -1 - value],
    ];
  if (Array.isArray(value))
    return [
      ['with its first twice', () => [...value.slice(0, 1), ...value]],
      ['without its last', () => value.slice(0, -1)],
      ['turned round', () => value.toReversed()],
      ['with an object more', () => [...value, {}]],
    ];
  return [
    ['with a field more', () => ({ ...(value as object), more: '1' })],
    ['with a field named __proto__', () => JSON.parse(withProto(value)) as unknown],
  ];
}

const withProto = (value: unknown): string =>
  JSON.stringify(value)
    .replace(/^\{/, value === null ? '{' : '{"__proto__":"1",')
    .replace(',}', '}');

/** Of the same form where it has one, so that only a comparison notices. */
function textChanges(value: string): Change[] {
  const digest = /^sha256:(.)/.exec(value)?.[1];
  return [
    ['emptied', () => ''],
    ['with a character more', () => `${value}x`],
    ['as the name of something', () => 'constructor'],
    ...(digest === undefined
      ? []
      : [
          ['of another content', () => value.replace(digest, digest === '0' ? '1' : '0')] as Change,
        ]),
    ...(ALTERNATIVES[value] ?? []).map((other): Change => [`as ${other}`, () => other]),
  ];
}

/** What a field may legally say instead. */
const ALTERNATIVES: Readonly<Record<string, readonly string[]>> = {
  'linux/amd64': ['linux/arm64'],
  'cyclonedx-json': ['spdx-json'],
  auto: ['off', 'whole'],
  base: ['own', 'nix'],
  own: ['base'],
  embedded: ['buildkit', 'buildah', 'auto'],
  'application/vnd.oci.image.manifest.v1+json': [
    'application/vnd.docker.distribution.manifest.v2+json',
  ],
  'application/vnd.oci.image.layer.v1.tar+gzip': [
    'application/vnd.docker.image.rootfs.diff.tar.gzip',
    'application/vnd.oci.image.layer.v1.tar+zstd',
  ],
};

function changed(value: unknown, path: Path, change: Change[1]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (Array.isArray(value))
    return value.flatMap((one: unknown, at) => {
      const now = at === key ? changed(one, rest, change) : one;
      return now === REMOVED ? [] : [now];
    });
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([name, one]: [string, unknown]) => {
      const now = name === key ? changed(one, rest, change) : one;
      return now === REMOVED ? [] : [[name, now]];
    }),
  );
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

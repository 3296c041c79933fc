import { load, NAMES, shop, unmark } from './shop.fixture.js';
import { sections } from './schema/sections.js';
import { deploymentFile } from './schema/file.js';
import { UNBUILT_ENGINES, UNSUPPORTED } from './unsupported.js';
import type { Field } from '@nx-nixpack/data';

/** The places at which a file says what is not carried out, as its marks say. */
function expectUnsupported(marked: string): void {
  const { text, expected } = unmark(marked);
  const { problems, unsupported } = load(text);
  expect(problems).toEqual([]);
  expect(unsupported.map(({ at, code }) => `${at?.line}:${at?.column} ${code}`)).toEqual(expected);
}

describe('what is accepted and not carried out', () => {
  it.each([
    'toolchain: «UNSUPPORTED»nix',
    'toolchain: base',
    'engine: «UNSUPPORTED»buildkit',
    'engine: «UNSUPPORTED»"buildah"',
    'engine: embedded',
    'platforms: «UNSUPPORTED»[linux/amd64, linux/arm64]',
    'platforms: [linux/arm64]',
    'dockerfile_escape: «UNSUPPORTED»true',
    'dockerfile_escape: false',
    '«UNSUPPORTED»requireLock: true',
    'require_lock: true',
  ])('settings: %s', (settings) => {
    expectUnsupported(shop({ settings }));
  });

  it.each([
    'context: { promote_by: «UNSUPPORTED»tag }',
    'context: { promote_by: digest }',
    'targets: { dev: { promotion: { requires_approval: «UNSUPPORTED»true } } }',
    'targets: { dev: { promotion: { requires_approval: false } } }',
  ])('deployment: %s', (rest) => {
    expectUnsupported(shop({ rest }));
  });

  it('is refused with what to write instead', () => {
    const text = shop({ vars: 'prebuilt: { target: build, path: dist }' });
    expectUnsupported(text.replace('prebuilt:', '«UNSUPPORTED»prebuilt:'));
    expect(load(text).unsupported[0]?.hint).toMatch(/^Leave prebuilt out/);
  });

  it('is told with what is wrong otherwise', () => {
    const { problems, unsupported } = load(shop({ settings: 'toolchain: nix\npublsh: true' }));
    expect([problems.length, unsupported.length]).toEqual([1, 1]);
  });
});

describe('what is kept and not read', () => {
  it('is said of the deployment, at its place', () => {
    const text = shop({
      metadata: 'labels: { a: b }',
      components: 'terraform: { x: {} }\nlambda: {}',
      rest: 'stacks: [a]\ntargets: { dev: { promotion: { from: prod } }, prod: {} }',
    });
    const { deployment, unsupported } = load(text);
    expect(unsupported).toEqual([]);
    const places = deployment?.unread.map(({ at }) =>
      text.split('\n')[(at?.line ?? 0) - 1]?.trim(),
    );
    expect(places).toEqual([
      'labels: { a: b }',
      'terraform: { x: {} }',
      'stacks: [a]',
      expect.stringMatching(/^targets/),
    ]);
  });

  it('is said once, however often the file has it', () => {
    const text = shop({
      metadata: 'labels: { a: b }',
      rest: 'labels: { a: b }\ntargets: { dev: { labels: { a: b } } }',
    });
    const [told, ...others] = load(text).deployment?.unread ?? [];
    expect(others).toEqual([]);
    expect([told?.at, ...(told?.related ?? [])].map((at) => at?.line)).toEqual([10, 11, 12]);
  });

  it('is nothing in a file that says nothing of it', () => {
    expect(load(shop()).deployment?.unread).toEqual([]);
  });
});

describe('the list', () => {
  const keysOf = (shape: Field | undefined, key: string): Field | undefined => {
    const form = shape?.form;
    if (form?.kind === 'map') return key === '*' ? form.value : undefined;
    if (form?.kind === 'either') return form.shapes.map((one) => keysOf(one, key)).find(Boolean);
    return form?.kind === 'struct' ? form.fields[key] : undefined;
  };

  it.each(UNSUPPORTED.map(({ at, value }) => [at.join('.'), value, at] as const))(
    '%s %s is of the schema',
    (_name, _value, at) => {
      const path = at.at(-1) === 'requireLock' ? [...at.slice(0, -1), 'require_lock'] : at;
      const shape = ['deployment', ...path].reduce(
        keysOf,
        deploymentFile(NAMES) as Field | undefined,
      );
      expect(shape).toBeDefined();
    },
  );

  it('knows a new engine, language or format by the list that it was added to', () => {
    const text = shop({
      vars: 'providers: [nim]',
      settings: 'engine: remote\nsbom: { formats: [swid] }',
    });
    expect(load(text).problems).toHaveLength(3);
    const names = {
      providers: () => ['nim'],
      engines: () => ['remote'],
      sbomFormats: () => ['swid'],
      runtimes: () => [],
    };
    expect(load(text, [], names)).toMatchObject({ problems: [], unsupported: [] });
  });

  it('has no engine that there is', () => {
    const built = { ...NAMES, engines: () => [...NAMES.engines(), ...UNBUILT_ENGINES] };
    const { engine } = formOf(sections(built)['settings.nixpack']);
    const words = engine?.form.kind === 'words' ? engine.form.words() : [];
    expect(words).toEqual(['auto', 'embedded', ...UNBUILT_ENGINES]);
  });
});

const formOf = ({ form }: Field): Readonly<Record<string, Field>> =>
  form.kind === 'struct' ? form.fields : {};

import { expectMarked, load } from '../shop.fixture.js';

const base = (vars: string, settings = ''): string => `deployment:
  name: shop
  components:
    nixpack:
      node:
        vars: { image: { registry: r.example.com, name: node }, ${vars} }
        settings: { nixpack: { ${settings} } }
`;

describe('a base', () => {
  it('has runtimes and a purpose instead of a source, and is composed from Debian packages', () => {
    const { deployment, problems } = load(
      base('base: { runtimes: { node: 22, yarn: "" }, purpose: run }, apt_pkgs: [curl]'),
    );
    expect(problems).toEqual([]);
    const [component] = deployment?.components ?? [];
    expect(component).toMatchObject({
      vars: { base: { runtimes: { node: '22', yarn: '' }, purpose: 'run' }, aptPkgs: ['curl'] },
      settings: { toolchain: 'debian', keepBuildTools: false },
    });
    expect(component?.vars).not.toHaveProperty('source');
  });

  it('keeps compilers when it is for builds, which is the default', () => {
    const { deployment } = load(base('base: { runtimes: { node: 22 } }'));
    expect(deployment?.components[0]).toMatchObject({ settings: { keepBuildTools: true } });
  });

  it.each([
    base('').replace('vars', '«CONFIG_MISSING_KEY»vars'),
    base('base: { runtimes: { «CONFIG_INVALID_VALUE»nod: 22 } }'),
    base('base: { runtimes: { node: «CONFIG_INVALID_VALUE»"22; id" } }'),
    base('base: { runtimes: { node: 22 } }, «CONFIG_INVALID_VALUE»source: services/api'),
    base('base: { runtimes: {} }, «CONFIG_INVALID_VALUE»start_cmd: ls'),
    base('base: { runtimes: {} }', '«CONFIG_INVALID_VALUE»toolchain: base'),
  ])('%s', (text) => expectMarked(text));
});

/** Nx loads the plugin for every command of the workspace: what only tasks need has no part in it. */
describe('loading the plugin', () => {
  const load = (name: string) => () =>
    jest.isolateModules(() => {
      jest.doMock(name, () => {
        throw new Error(`${name} is loaded`);
      });
      jest.requireActual('./index.js');
    });

  it.each([
    '@nx/devkit',
    '@nx-nixpack/engine',
    '@nx-nixpack/oci',
    '@nx-nixpack/plan',
    '@nx-nixpack/sbom',
  ])('takes nothing of %s', (name) => {
    expect(load(name)).not.toThrow();
  });

  it('takes what reads deployment files', () => {
    expect(load('@nx-nixpack/deployment')).toThrow('is loaded');
  });
});

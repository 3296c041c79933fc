import type { LowerSettings } from '../../recipe/settings.js';
import { requestOf } from './request-of.js';

/** Of a base: it has no phases, and names its runtimes itself. */
const requested = (keepBuildTools: boolean) =>
  requestOf({
    plan: {},
    hints: { runtimes: [{ name: 'yarn' }, { name: 'node', version: '22', from: 'the file' }] },
    settings: { keepBuildTools } as LowerSettings,
  });

describe('what a base is asked to bring', () => {
  it('is what it names, in the order of installation', () => {
    expect(requested(false)).toEqual({
      base: true,
      runtimes: [{ name: 'node', version: '22', from: 'the file' }, { name: 'yarn' }],
      packages: { run: [], build: [] },
    });
  });

  it('has compilers too when images are built on it', () => {
    const { build } = requested(true).packages;
    expect(build).toEqual(expect.arrayContaining(['build-essential', 'git', 'python3']));
  });
});

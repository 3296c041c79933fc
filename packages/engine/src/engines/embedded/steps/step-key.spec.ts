import { digestOf } from '@nx-nixpack/oci';
import { LOGIN_BASH } from '../../../recipe/interpreter.js';
import type { Step } from '../../../recipe/recipe.js';
import { stepKey } from './step-key.js';

const parent = digestOf('parent');
const run: Extract<Step, { kind: 'run' }> = {
  kind: 'run',
  layer: 'application',
  command: 'npm ci',
  workdir: '/app',
  env: { CI: 'true' },
  network: true,
  caches: [],
  secrets: [],
  phase: 'install',
};
const key = (
  step: Step,
  more: {
    parent?: typeof parent;
    created?: number;
    reads?: typeof parent;
    interpreter?: readonly string[];
  } = {},
) => {
  const { created = 0, interpreter = LOGIN_BASH } = more;
  return stepKey(more.parent ?? parent, step, { created, interpreter }, more.reads);
};

describe('stepKey', () => {
  it.each<[string, Step]>([
    ['command', { ...run, command: 'npm i' }],
    ['variable', { ...run, env: { CI: 'false' } }],
    ['network', { ...run, network: false }],
    ['directory', { ...run, workdir: '/srv' }],
  ])('changes with the %s', (_what, step) => {
    expect(key(step)).not.toBe(key(run));
  });

  it('changes with what came before, what is read, the time and the interpreter', () => {
    const keys = [
      key(run),
      key(run, { parent: digestOf('other') }),
      key(run, { reads: digestOf('read') }),
      key(run, { created: 1 }),
      key(run, { interpreter: ['/bin/bash', '-c'] }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('does not change with caches, secrets, the layer or the name of the phase', () => {
    const caches = [{ target: '/root/.npm', id: 'x' }];
    const other: Step = { ...run, caches, secrets: ['TOKEN'], layer: 'toolchain', phase: 'setup' };
    expect(key(other)).toBe(key(run));
  });

  it('changes with what an archive is, not with where it comes from', () => {
    const lent = (id: string, integrity: string): Step => ({
      ...run,
      archives: [{ id, integrity, file: 'x.deb' }],
    });
    const unpack = (id: string, integrity: string): Step => ({
      kind: 'unpack',
      layer: 'toolchain',
      archives: [{ id, integrity }],
      format: 'deb',
      to: '/',
    });
    for (const step of [lent, unpack]) {
      expect(key(step('debian:x@1', 'sha256-a'))).toBe(key(step('mirror:x@1', 'sha256-a')));
      expect(key(step('debian:x@1', 'sha256-a'))).not.toBe(key(step('debian:x@1', 'sha256-b')));
    }
    expect(key(lent('debian:x@1', 'sha256-a'))).not.toBe(key(run));
  });

  it('stays what it is: cached steps of earlier versions are found', () => {
    expect(key(run)).toMatchInlineSnapshot(
      `"sha256:e3a781d0322d622db2fcfeb925059b2f93153d460d5a7ffc5bd86cb7e985d930"`,
    );
  });
});

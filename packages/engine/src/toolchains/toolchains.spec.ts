import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@nx-nixpack/base';
import { digestOf } from '@nx-nixpack/oci';
import { lower } from '../recipe/lower.js';
import type { BaseFacts, LowerSettings } from '../recipe/settings.js';
import { findToolchain } from './find-toolchain.js';
import { TOOLCHAINS } from './index.js';
import type { Toolchain } from './toolchain.js';

const facts: BaseFacts = {
  config: {},
  hasBash: true,
  passwd: '',
  group: '',
  digest: digestOf('base'),
};
const settings: LowerSettings = {
  toolchain: 'nix',
  user: '0:0',
  env: {},
  buildEnv: {},
  secrets: [],
  network: { setup: true },
  devDependencies: { drop: false, reason: '' },
  ports: [],
  labels: {},
  sourceDirectory: '',
  created: 0,
  cacheScope: 'shop/api',
};
const plan = { phases: { setup: { nixPkgs: ['go'], cmds: ['prepare'], aptPkgs: ['curl'] } } };

/** As much of the Nix toolchain as shows that nothing outside its file would have to change. */
const nix: Toolchain = {
  name: 'nix',
  checkBase: ({ config }) => {
    if (config.Labels?.['nix'] === 'no')
      throw new UserError({ code: 'BASE_INVALID', message: 'No nix', hint: 'Add it.' });
  },
  steps: ({ plan: { phases } }, run) => [
    run(`nix-env -iA ${phases?.['setup']?.nixPkgs?.join(' ')}`),
  ],
  leavesOut: () => false,
  imageCopies: () => ['nix'],
  expected: () => [],
  explain: () => ['the packages are installed by Nix'],
};

describe('TOOLCHAINS', () => {
  it('names each once, by the file that holds it', () => {
    const names = TOOLCHAINS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(readdirSync(__dirname)).toEqual(
      expect.arrayContaining(names.map((name) => `${name}.ts`)),
    );
    expect(existsSync(join(__dirname, 'base.ts'))).toBe(true);
  });

  it('refuses one that is not there, with the way out', () => {
    expect(() => findToolchain('nix')).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', hint: expect.stringContaining('base') }),
    );
    expect(() => lower(plan, {}, settings, { build: facts })).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED' }),
    );
  });

  it('takes another as one more entry', () => {
    const all = [...TOOLCHAINS, nix];
    const recipe = lower(plan, {}, settings, { build: facts, run: facts }, { toolchains: all });
    const [build, image] = recipe.stages;
    const commands = build?.steps.flatMap((step) => (step.kind === 'run' ? step.command : []));
    expect(commands?.map((command) => command.split(' ')[0])).toEqual([
      'nix-env',
      'apt-get',
      'prepare',
    ]);
    expect(image?.steps).toContainEqual(
      expect.objectContaining({ kind: 'copy', paths: ['etc/ssl/certs', 'nix'] }),
    );
    const bad = { ...facts, config: { Labels: { nix: 'no' } } };
    expect(() => lower(plan, {}, settings, { build: bad }, { toolchains: all })).toThrow(
      expect.objectContaining({ code: 'BASE_INVALID' }),
    );
  });
});

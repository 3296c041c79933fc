import { inWorkspace } from '@nx-nixpack/base';
import type { BuildPlan, Hints } from '../plan/build-plan.js';
import { generatePlan } from '../generate/generate-plan.js';
import { memoryTree } from '../source/memory-tree.contract.js';
import { plainLayout } from './index.js';
import type { Closure } from './ecosystem.js';
import type { Member } from './model.js';
import { npm } from './npm/index.js';
import { lift } from './lift.js';

const member = (name: string, more: Partial<Member> = {}): Member => ({
  directory: inWorkspace`libs/${name}`,
  name: `@acme/${name}`,
  why: '',
  runtime: true,
  kind: 'workspace',
  builds: true,
  ...more,
});

const closure: Closure = {
  ...plainLayout(inWorkspace`apps/api`),
  ecosystem: npm,
  members: [
    member('logger'),
    member('assets', { kind: 'directory' }),
    member('types', { builds: false }),
    member('shared'),
  ],
  installInputs: ['package.json', 'package-lock.json', 'apps/api/package.json'],
};

const PLAN: BuildPlan = {
  phases: {
    setup: { name: 'setup', nixPkgs: ['nodejs_22'], cmds: ['prepare'] },
    install: {
      name: 'install',
      dependsOn: ['setup'],
      cmds: ['npm install -g corepack@0.24.1 && corepack enable', 'npm ci'],
      cacheDirectories: ['/root/.npm', '~/.cache/x'],
      paths: ['/app/node_modules/.bin'],
    },
    build: {
      name: 'build',
      dependsOn: ['install'],
      cmds: ['npm run build'],
      cacheDirectories: ['node_modules/.cache', '/app/.turbo'],
    },
  },
  start: { cmd: 'npm run start', onlyIncludeFiles: ['dist'] },
  variables: { CI: 'true', NIXPACKS_SPA_OUTPUT_DIR: 'dist', HOME_PAGE: '/app/index.html' },
};
const HINTS: Hints = {
  installInputs: ['package.json'],
  dropDevDependencies: 'npm prune --omit=dev',
  dependencyDirectories: ['node_modules'],
};

const lifted = (change: Partial<Closure> = {}, plan: BuildPlan = PLAN) =>
  lift({ plan, hints: HINTS }, { ...closure, ...change });

describe('lift', () => {
  it('installs at the root, builds libraries first and the source in its directory', () => {
    const { phases } = lifted().plan;
    expect(phases?.['setup']?.cmds).toEqual(['prepare']);
    expect(phases?.['install']?.cmds).toEqual(PLAN.phases?.['install']?.cmds);
    expect(phases?.['build']?.cmds).toEqual([
      'npm run build -w @acme/logger -w @acme/shared --if-present',
      "cd -- 'apps/api' && npm run build",
    ]);
  });

  it('builds libraries for a source that builds nothing', () => {
    const { build: _, ...phases } = PLAN.phases ?? {};
    expect(lifted({}, { ...PLAN, phases }).plan.phases?.['build']).toEqual({
      name: 'build',
      dependsOn: ['install'],
      cmds: ['npm run build -w @acme/logger -w @acme/shared --if-present'],
    });
    expect(lifted({ members: [] }, { ...PLAN, phases }).plan.phases).not.toHaveProperty('build');
  });

  it('moves paths, cache directories and places of the source', () => {
    const { phases, start, variables } = lifted().plan;
    expect(phases?.['install']?.paths).toEqual([
      '/app/apps/api/node_modules/.bin',
      '/app/node_modules/.bin',
    ]);
    expect(phases?.['install']?.cacheDirectories).toEqual(['/root/.npm', '~/.cache/x']);
    expect(phases?.['build']?.cacheDirectories).toEqual([
      'apps/api/node_modules/.cache',
      '/app/apps/api/.turbo',
    ]);
    expect(start).toEqual({ cmd: 'npm run start', onlyIncludeFiles: ['apps/api/dist'] });
    expect(variables).toEqual({
      CI: 'true',
      NIXPACKS_SPA_OUTPUT_DIR: 'apps/api/dist',
      HOME_PAGE: '/app/index.html',
    });
  });

  it('quotes what a shell would read', () => {
    const { phases } = lifted({
      source: inWorkspace`apps/it's $(x)`,
      members: [member("a'b")],
    }).plan;
    expect(phases?.['build']?.cmds).toEqual([
      "npm run build -w '@acme/a'\\''b' --if-present",
      "cd -- 'apps/it'\\''s $(x)' && npm run build",
    ]);
  });

  it('says what decides the installation, as long as npm alone runs', () => {
    expect(lifted().hints).toEqual({ ...HINTS, installInputs: closure.installInputs });
    const install = { name: 'install', cmds: ['make deps'] };
    const replaced = lifted({}, { ...PLAN, phases: { ...PLAN.phases, install } });
    expect(replaced.plan.phases?.['install']?.cmds).toEqual(['make deps']);
    expect(replaced.hints.installInputs).toBeUndefined();
    expect(replaced.hints.installInputsReason).toBe('the install command is not `npm ci`');
  });

  it('installs and prunes in a workspace below the root', () => {
    const { plan, hints } = lifted({
      root: inWorkspace`front`,
      source: inWorkspace`front/apps/api`,
    });
    expect(plan.phases?.['install']?.cmds?.at(-1)).toBe("cd -- 'front' && npm ci");
    expect(plan.phases?.['install']?.paths?.at(-1)).toBe('/app/front/node_modules/.bin');
    expect(plan.phases?.['build']?.cmds?.[0]).toMatch(/^cd -- 'front' && npm run build -w/);
    expect(hints.dropDevDependencies).toBe("cd -- 'front' && npm prune --omit=dev");
  });

  it('runs everything in the source when no workspace installs', () => {
    const { plan } = lift({ plan: PLAN, hints: HINTS }, plainLayout(inWorkspace`services/tools`));
    expect(plan.phases?.['install']?.cmds?.at(-1)).toBe("cd -- 'services/tools' && npm ci");
    expect(plan.phases?.['install']?.paths).toEqual(['/app/services/tools/node_modules/.bin']);
    expect(plan.phases?.['build']?.cmds).toEqual(["cd -- 'services/tools' && npm run build"]);
  });
});

it('adds what the user says that the install reads to what the workspace decides it by', () => {
  const { hints } = generatePlan(memoryTree({ 'package.json': '{}', patches: '' }), {
    plan: { phases: { install: { cmds: ['bash install.sh'] } } },
    installFiles: ['package.json', 'patches'],
  });
  const lifted = lift({ plan: {}, hints }, plainLayout(inWorkspace`apps/api`)).hints;
  expect(lifted.installInputs).toEqual(['apps/api/package.json', 'apps/api/patches']);
});

import type { BuildPlan, Phase } from '../../plan/build-plan.js';
import { buildCaches, usesCypress } from './build-caches.js';
import { MOON_CACHE, moonApp } from './moon.js';
import { buildCommand, startCommand } from './commands.js';
import { nodeHints } from './hints.js';
import { nodePackages, nodeProject } from './project.js';
import type { NodePackages, NodeProject } from './project.js';
import { nodeVersion } from './version.js';
import type { NodeMajor } from './version.js';
import { COREPACK, installCommand, usesCorepack } from './package-manager.js';
import {
  CADDY_PHASE,
  isServedByCaddy,
  isViteApp,
  outputDirectory,
  SPA_ASSETS,
} from './single-page-app.js';
import { systemPackages } from './system-packages.js';
import { ARCHIVES } from '../../plan/nixpkgs-archives.js';
import { buildPhase, caches, installPhase, setupPhase } from '../../plan/phase.js';
import type { Provider } from '../provider.js';

export const NODE_DEFAULTS = {
  cypressCache: '/root/.cache/Cypress',
  binaries: '/app/node_modules/.bin',
} as const;

const ARCHIVE_OF: Readonly<Record<NodeMajor, string>> = {
  14: ARCHIVES.node14,
  16: ARCHIVES.node14,
  18: ARCHIVES.node18,
  20: ARCHIVES.node18,
  22: ARCHIVES.node22,
  24: ARCHIVES.node24,
};

export const node: Provider = {
  name: 'node',
  places: ['NIXPACKS_SPA_OUTPUT_DIR'],
  placeless: ['caddy'],

  detect: (source) => source.has('package.json'),

  plan(source, env) {
    const project = nodeProject(source, env);
    const packages = nodePackages(project);
    const servedByCaddy = isServedByCaddy(source, env, project.manifest);
    const build = buildCommand(project);
    const start = startCommand(project);
    const plan: BuildPlan = {
      variables: variables(project),
      ...(servedByCaddy ? { staticAssets: SPA_ASSETS } : {}),
      phases: {
        setup: setup(project, packages),
        install: install(project, packages),
        ...(servedByCaddy ? { caddy: CADDY_PHASE } : {}),
        build: buildPhase(build.choice === undefined ? [] : [build.choice], {
          cacheDirectories: buildDirectories(project),
        }),
      },
      ...(start.choice === undefined ? {} : { start: { cmd: start.choice } }),
    };
    const { name, because } = project.manager;
    const manager = { subject: 'package manager', choice: name, because };
    return {
      plan,
      hints: nodeHints(project, servedByCaddy),
      decisions: [packages.version.decision, manager, build, start],
    };
  },
};

function variables({ source, env, manifest }: NodeProject): Readonly<Record<string, string>> {
  const output = isViteApp(source, manifest)
    ? { NIXPACKS_SPA_OUTPUT_DIR: outputDirectory(source, env, manifest) }
    : {};
  return { NODE_ENV: 'production', NPM_CONFIG_PRODUCTION: 'false', CI: 'true', ...output };
}

function setup({ source, manifest, manager }: NodeProject, { packages }: NodePackages): Phase {
  // The archive looks past the environment, so that NIXPACKS_NODE_VERSION may meet the wrong one (quirk Q9).
  const { major } = nodeVersion(source, new Map(), manifest);
  const { nixPkgs, nixLibs, aptPkgs } = systemPackages(source);
  return setupPhase([...packages, ...nixPkgs], {
    ...(nixLibs.length > 0 ? { nixLibs } : {}),
    ...(aptPkgs.length > 0 ? { aptPkgs } : {}),
    nixpkgsArchive: manager.name === 'bun' ? ARCHIVES.bun : ARCHIVE_OF[major],
  });
}

function install({ source, manifest, manager }: NodeProject, { version }: NodePackages): Phase {
  const command = installCommand(source, manager.name);
  const corepack = usesCorepack(manifest, `nodejs_${version.major}`) ? [COREPACK] : [];
  const cypress = usesCypress(source) ? [NODE_DEFAULTS.cypressCache] : [];
  return installPhase(command === undefined ? [] : [...corepack, command], {
    cacheDirectories: caches(manager.cacheDirectory, ...cypress),
    paths: [NODE_DEFAULTS.binaries],
  });
}

function buildDirectories({ source, env, manifest }: NodeProject): readonly string[] {
  const moon = moonApp(source, env) === undefined ? [] : [MOON_CACHE];
  return caches(...buildCaches(source, manifest), ...moon);
}

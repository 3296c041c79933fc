import { nodeProject, type NodeProject } from '../languages/node/project.js';
import { SPA_START } from '../languages/node/single-page-app.js';
import { textOf } from '../source/manifest.js';
import { kept, swept, type Build, type Leftover } from './leftover.js';
import { neededByStart } from './needed-by-start.js';
import { pruneModules } from './prune-modules.js';

/** Development dependencies of a Node source, unless its start needs one. */
export function nodeLeftovers(build: Build): Leftover | undefined {
  const project = nodeProject(build.source, build.env);
  const { manifest, manager, source } = project;
  const programs = build.plan.phases?.['setup']?.nixPkgs ?? [];
  const cmd = build.plan.start?.cmd;
  if (cmd === undefined) return undefined;
  if (cmd === SPA_START) return swept('rm -rf node_modules');
  const needed = neededByStart(project, cmd);
  if (needed !== undefined) return kept(`the start needs ${needed}`);
  // In a workspace the root may have development dependencies where the source has none.
  if (manager.name === 'npm' && !programs.includes('bun')) return swept('npm prune --omit=dev');
  const isFull = manager.name === 'yarn' && textOf(source, 'yarn.lock').includes('musl');
  if ((manifest.devDependencies?.size ?? 0) === 0 && !isFull) return undefined;
  if (source.has('.pnp.cjs') || isPlugAndPlay(project))
    return kept('Yarn keeps its packages in a cache that knows no development dependencies');
  if (manifest.workspaces !== undefined || source.has('pnpm-workspace.yaml'))
    return kept('the packages of a workspace share their dependencies');
  return swept(pruneModules(programs.some((name) => name.startsWith('nodejs')) ? 'node' : 'bun'));
}

/** Yarn 2 and newer without node_modules. */
function isPlugAndPlay({ source, manager, manifest }: NodeProject): boolean {
  if (manager.name !== 'yarn') return false;
  const settings = source.has('.yarnrc.yml') ? (source.read('.yarnrc.yml') ?? '') : '';
  const isModern = source.has('.yarnrc.yml') || /^yarn@[2-9]/.test(manifest.packageManager ?? '');
  return isModern && !/^nodeLinker:\s*["']?(?:node-modules|pnpm)/m.test(settings);
}

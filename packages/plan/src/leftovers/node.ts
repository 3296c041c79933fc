import { nodeProject, type NodeProject } from '../languages/node/project.js';
import { SPA_START } from '../languages/node/single-page-app.js';
import { linesOf } from '../extensions/node/scripts.js';
import { readIfText } from '../source/search.js';
import { kept, swept, type Build, type Leftover } from './leftover.js';
import { PRUNE_MODULES } from './prune-modules.js';

/** Commands that are named differently from their package. */
const PACKAGES: ReadonlyMap<string, string> = new Map([
  ['tsc', 'typescript'],
  ['ng', '@angular/cli'],
  ['nest', '@nestjs/cli'],
  ['vue-cli-service', '@vue/cli-service'],
  ['sequelize', 'sequelize-cli'],
  ['remix-serve', '@remix-run/serve'],
  ['react-router-serve', '@react-router/serve'],
  ['strapi', '@strapi/strapi'],
  ['svelte-kit', '@sveltejs/kit'],
  ['babel-node', '@babel/node'],
  ['nuxi', 'nuxt'],
]);

/** Development dependencies of a Node source, unless its start needs one. */
export function nodeLeftovers(build: Build): Leftover | undefined {
  const project = nodeProject(build.source, build.env);
  const { manifest, manager, source } = project;
  const cmd = build.plan.start?.cmd;
  if (cmd === undefined) return undefined;
  if (cmd === SPA_START) return swept('rm -rf node_modules');
  const needed = neededBy(project, cmd);
  if (needed !== undefined) return kept(`the start needs ${needed}`);
  // In a workspace the root may have development dependencies where the source has none.
  if (manager.name === 'npm') return swept('npm prune --omit=dev');
  if ((manifest.devDependencies?.size ?? 0) === 0) return undefined;
  if (source.has('.pnp.cjs') || isPlugAndPlay(project))
    return kept('Yarn keeps its packages in a cache that knows no development dependencies');
  if (manifest.workspaces !== undefined || source.has('pnpm-workspace.yaml'))
    return kept('the packages of a workspace share their dependencies');
  return swept(PRUNE_MODULES);
}

/** The development dependency that a command comes down to, through scripts and the file that it starts. */
function neededBy({ source, manifest }: NodeProject, cmd: string): string | undefined {
  const isDevelopment = (name: string): boolean =>
    manifest.devDependencies?.has(name) === true && manifest.dependencies?.has(name) !== true;
  // Where Nx or a workspace starts something, its scripts are elsewhere.
  if (/^cd /.test(cmd)) return 'what another package.json starts';
  const words = linesOf(manifest, cmd).flatMap((line) => line.split(/[\s;&|()="']+/));
  const named = words.map((word) => PACKAGES.get(word) ?? packageOf(word)).find(isDevelopment);
  if (named !== undefined) return `${named} of devDependencies`;
  const files = words.filter((word) => /\.[cm]?[jt]sx?$/.test(word) && source.has(plain(word)));
  const imported = files.flatMap((file) => importsOf(readIfText(source, plain(file)) ?? ''));
  const name = imported.find(isDevelopment);
  return name === undefined ? undefined : `${name} of devDependencies`;
}

const plain = (path: string): string => path.replace(/^\.\//, '');

/** `ts-node` of `ts-node/register`, `@swc/register` of itself. */
const packageOf = (word: string): string =>
  word
    .split('/')
    .slice(0, word.startsWith('@') ? 2 : 1)
    .join('/');

const importsOf = (text: string): readonly string[] =>
  [...text.matchAll(/(?:\brequire\(|\bfrom|^import)\s*['"]([^'".][^'"]*)['"]/gm)].map(
    ([, name = '']) => packageOf(name),
  );

/** Yarn 2 and newer without node_modules. */
function isPlugAndPlay({ source, manager, manifest }: NodeProject): boolean {
  if (manager.name !== 'yarn') return false;
  const settings = source.has('.yarnrc.yml') ? (source.read('.yarnrc.yml') ?? '') : '';
  const isModern = source.has('.yarnrc.yml') || /^yarn@[2-9]/.test(manifest.packageManager ?? '');
  return isModern && !/^nodeLinker:\s*["']?(?:node-modules|pnpm)/m.test(settings);
}

import { commandsOf, linesOf } from '../extensions/node/scripts.js';
import type { NodeProject } from '../languages/node/project.js';
import { readIfText } from '../source/search.js';
import { importsOf, packageOf } from './imports.js';

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
  ['pm2-runtime', 'pm2'],
  ['dotenv', 'dotenv-cli'],
  ['dotenvx', '@dotenvx/dotenvx'],
  ['run-s', 'npm-run-all'],
  ['run-p', 'npm-run-all'],
  ['medusa', '@medusajs/cli'],
]);
/** Programs that no package of a source brings. */
const KNOWN: ReadonlySet<string> = new Set(
  (
    'node npm npx yarn pnpm pnpx bun bunx deno corepack caddy nginx sh bash exec env cd export set unset test [ true : echo ' +
    'printf sleep mkdir cp mv rm ln chmod touch cat sed grep date exit if then else fi wait trap kill python python3'
  ).split(' '),
);
const SHELL = /^#!.*\b(?:ba|da|)sh\b/;

/** Why the start needs what is installed for development; undefined when nothing says that it does. */
export function neededByStart(project: NodeProject, cmd: string): string | undefined {
  const { manifest } = project;
  // Where Nx or a workspace starts something, its scripts are elsewhere.
  if (/^cd /.test(cmd)) return 'what another package.json starts';
  if ((manifest.devDependencies?.size ?? 0) === 0) return undefined;
  const words = wordsOf(project, cmd);
  const found = [...words.map(namedBy), ...importsOf(project, words)].find((name) =>
    isDevelopment(project, name),
  );
  return found === undefined ? unknownProgram(project, cmd) : `${found} of devDependencies`;
}

const isDevelopment = ({ manifest }: NodeProject, name: string): boolean =>
  manifest.devDependencies?.has(name) === true && manifest.dependencies?.has(name) !== true;

/** All words of what is started: of scripts of package.json and of the shell's, too. */
function wordsOf({ source, manifest }: NodeProject, cmd: string): readonly string[] {
  const words = linesOf(manifest, cmd).flatMap(split);
  const shell = words.flatMap((word) => {
    const text = source.has(plain(word)) ? (readIfText(source, plain(word)) ?? '') : '';
    return word.endsWith('.sh') || SHELL.test(text) ? linesOf(manifest, text) : [];
  });
  return [...words, ...shell.flatMap(split)];
}

const split = (line: string): readonly string[] =>
  line.split(/[\s;&|()="'`]+/).filter((word) => word !== '');
const plain = (path: string): string => path.replace(/^\.\//, '');

/** The package that a word means: `typescript` by `node_modules/.bin/tsc`, `ts-node` by `ts-node/register`, `x` by `x@1`. */
function namedBy(word: string): string {
  const name = word.replace(/^.*\bnode_modules\/(?:\.bin\/)?/, '').replace(/(?<=.)@[^/]*$/, '');
  return PACKAGES.get(name) ?? packageOf(name);
}

/** A program that may come from a package of another name: what is not known to be useless stays. */
function unknownProgram({ source, manifest }: NodeProject, cmd: string): string | undefined {
  const programs = commandsOf(manifest, cmd).map(([program = '']) => program);
  const unknown = programs.find(
    (program) =>
      /^[\w@./-]+$/.test(program) &&
      !KNOWN.has(program) &&
      !source.has(plain(program)) &&
      manifest.dependencies?.has(namedBy(program)) !== true,
  );
  return unknown === undefined ? undefined : `${unknown}, which devDependencies may bring`;
}

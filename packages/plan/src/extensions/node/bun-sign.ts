import { dependsOn, type PackageJson } from '../../languages/node/package-json.js';
import { readIfText } from '../../source/search.js';
import type { SourceTree } from '../../source/source-tree.js';
import { callsBun } from './scripts.js';

/** What names a package manager by itself. */
const LOCKS = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  '.yarnrc.yml',
  'bun.lock',
  'bun.lockb',
] as const;
const SCRIPTS = ['start', 'build', 'dev', 'develop', 'start:dev', 'start:prod', 'serve'] as const;
const TYPES = ['@types/bun', 'bun-types'] as const;
const README = ['README.md', 'readme.md', 'README'] as const;

/** What says that a source is written for bun, where nothing says which package manager it has. */
export function bunSign(source: SourceTree, manifest: PackageJson): string | undefined {
  if (manifest.packageManager !== undefined || LOCKS.some((name) => source.has(name)))
    return undefined;
  const file = ['bunfig.toml', '.bun-version'].find((name) => source.has(name));
  if (file !== undefined) return file;
  if (manifest.engines?.has('bun') === true) return 'engines.bun of package.json';
  const script = SCRIPTS.find((name) => callsBun(manifest, manifest.scripts?.get(name) ?? ''));
  if (script !== undefined) return `script "${script}" of package.json calls bun`;
  // Libraries have the types for their tests: what somebody starts by Node stays with npm.
  if (manifest.scripts?.has('start') === true) return undefined;
  return TYPES.find((name) => dependsOn(manifest, name)) ?? readmeSign(source);
}

/** Installed by bun, as whoever reads about it is told. */
function readmeSign(source: SourceTree): string | undefined {
  const name = README.find((each) => source.has(each));
  const text = name === undefined ? '' : (readIfText(source, name) ?? '');
  const installs = /^[\s$>]*bun (?:i|install)$/m.test(text);
  const others = /^[\s$>]*(?:npm (?:i|ci|install)|yarn(?: install)?|pnpm (?:i|install))\b/m.test(
    text,
  );
  return installs && !others ? `${name} installs with bun` : undefined;
}

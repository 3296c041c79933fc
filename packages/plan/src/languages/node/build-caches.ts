import { parentOf } from '@nx-nixpack/base';
import { flag, nullable, parseJson, text, type Infer } from '@nx-nixpack/data';

import { facts, tryManifest } from '../../source/manifest.js';
import type { SourceTree } from '../../source/source-tree.js';
import { dependsOn, readPackageJson } from './package-json.js';
import type { PackageJson } from './package-json.js';

/** Directories that speed up the next build, relative to /app. */
export function buildCaches(source: SourceTree, manifest: PackageJson): readonly string[] {
  const next = packagesWith(source, 'next').map((directory) => within(directory, '.next/cache'));
  return [
    ...next,
    'node_modules/.cache',
    ...(manifest.cacheDirectories ?? []),
    ...(buildInfo(source) ?? []),
  ];
}

/** Whether a package anywhere in the tree uses Cypress, which downloads a browser of its own. */
export const usesCypress = (source: SourceTree): boolean =>
  packagesWith(source, 'cypress').length > 0;

/** Directories of all packages that depend on `name`. An unreadable package.json anywhere is a UserError. */
function packagesWith(source: SourceTree, name: string): readonly string[] {
  return source
    .files('**/package.json')
    .filter((path) => !path.includes('node_modules'))
    .filter((path) => dependsOn(readPackageJson(source, path) ?? {}, name))
    .map(parentOf);
}

const compilerOptions = facts({
  incremental: nullable(flag),
  tsBuildInfoFile: nullable(text()),
  outDir: nullable(text()),
});
const tsconfig = facts({ extends: nullable(text()), compilerOptions: nullable(compilerOptions) });

/** The build-info file of an incremental TypeScript build, if it exists now. */
function buildInfo(source: SourceTree): readonly string[] | undefined {
  const own = readTsconfig(source, 'tsconfig.json');
  if (own === undefined) return undefined;
  const base = own.extends === undefined ? undefined : readTsconfig(source, own.extends);
  const options = { ...base?.compilerOptions, ...own.compilerOptions };
  if (options.incremental !== true) return undefined;
  const path = options.tsBuildInfoFile ?? within(options.outDir ?? '', 'tsconfig.tsbuildinfo');
  return source.has(path) ? [path] : undefined;
}

const readTsconfig = (source: SourceTree, path: string): Infer<typeof tsconfig> | undefined =>
  tryManifest(source, path, parseJson, tsconfig);

const within = (directory: string, file: string): string =>
  directory === '' ? file : `${directory}/${file}`;

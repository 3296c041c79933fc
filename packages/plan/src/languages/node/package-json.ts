import { UserError } from '@nx-nixpack/base';
import { dictionary, lenient, list, nullable, parseJson, text, type Infer } from '@nx-nixpack/data';

import { facts, readManifest } from '../../source/manifest.js';
import type { SourceTree } from '../../source/source-tree.js';

const word = nullable(text());
const texts = list(text());
const words = nullable(dictionary(text()));

/** The fields that planning reads. One of another form makes the whole file unreadable. */
const packageJson = facts({
  name: word,
  scripts: words,
  engines: words,
  main: word,
  dependencies: words,
  devDependencies: words,
  type: word,
  packageManager: word,
  workspaces: lenient(texts),
  cacheDirectories: nullable(texts),
});

export type PackageJson = Infer<typeof packageJson>;

/** Reads a package.json; undefined when it is absent, UserError when it cannot be read. */
export const readPackageJson = (
  source: SourceTree,
  path = 'package.json',
): PackageJson | undefined => readManifest(source, path, parseJson, packageJson);

/** The same, with an empty package in place of one that is absent or unreadable. */
export function lenientPackageJson(source: SourceTree): PackageJson {
  try {
    return readPackageJson(source) ?? {};
  } catch (error) {
    if (error instanceof UserError) return {};
    throw error;
  }
}

/** Only `dependencies` counts when it exists (quirk Q12). */
export function hasDependency(manifest: PackageJson, name: string): boolean {
  return (manifest.dependencies ?? manifest.devDependencies)?.has(name) ?? false;
}

/** In either list. */
export function dependsOn(manifest: PackageJson, name: string): boolean {
  return manifest.dependencies?.has(name) === true || manifest.devDependencies?.has(name) === true;
}

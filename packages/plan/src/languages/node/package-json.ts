import { UserError } from '@nx-nixpack/base';
import { parseJson } from '@nx-nixpack/data';
import { lenient, mapOf, optional, record, text, texts } from '@nx-nixpack/data/first-fault';

import { inFile } from '../../source/in-file.js';
import type { SourceTree } from '../../source/source-tree.js';

const dependencies = optional(mapOf(text));

/** The fields that planning reads. One of another form makes the whole file unreadable. */
const packageJson = record({
  name: optional(text),
  scripts: optional(mapOf(text)),
  engines: optional(mapOf(text)),
  main: optional(text),
  dependencies,
  devDependencies: dependencies,
  type: optional(text),
  packageManager: optional(text),
  workspaces: lenient(texts),
  cacheDirectories: optional(texts),
});

export type PackageJson = Partial<ReturnType<typeof packageJson>>;

/** Reads a package.json; undefined when it is absent, UserError when it cannot be read. */
export function readPackageJson(
  source: SourceTree,
  path = 'package.json',
): PackageJson | undefined {
  const content = source.has(path) ? source.read(path) : undefined;
  return content === undefined
    ? undefined
    : inFile(path, content, () => packageJson(parseJson(content)));
}

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

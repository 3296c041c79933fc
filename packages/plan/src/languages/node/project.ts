import type { Environment } from '../provider.js';
import type { SourceTree } from '../../source/source-tree.js';
import { nodeVersion } from './version.js';
import type { NodeVersion } from './version.js';
import { lenientPackageJson, readPackageJson } from './package-json.js';
import type { PackageJson } from './package-json.js';
import { managerPackage, packageManager } from './package-manager.js';
import type { PackageManager } from './package-manager.js';
import type { NixPackage } from '../../plan/phase.js';

/** What every question about a Node source starts from. */
export interface NodeProject {
  readonly source: SourceTree;
  readonly env: Environment;
  readonly manifest: PackageJson;
  readonly manager: PackageManager;
}

/** An unreadable root package.json counts as an empty one here; `nodePackages` is what refuses it. */
export function nodeProject(source: SourceTree, env: Environment): NodeProject {
  const manifest = lenientPackageJson(source);
  return { source, env, manifest, manager: packageManager(source, manifest) };
}

export interface NodePackages {
  readonly version: NodeVersion;
  /** Node itself and the package manager. */
  readonly packages: readonly NixPackage[];
}

/** Node and its package manager. UserError when the root package.json cannot be read. */
export function nodePackages({ source, env, manager }: NodeProject): NodePackages {
  const manifest = readPackageJson(source) ?? {};
  const version = nodeVersion(source, env, manifest);
  const node = { name: `nodejs_${version.major}` };
  return { version, packages: [node, managerPackage(source, manager.name, manifest)] };
}

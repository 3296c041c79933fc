import { isObject } from '@nx-nixpack/base';
import type { Closure } from '../ecosystem.js';
import type { RootFile } from '../model.js';
import type { ClosureDirectory, FoundMembers } from './members.js';

const INSTALL_SCRIPTS = [
  'preinstall',
  'install',
  'postinstall',
  'prepare',
  'preprepare',
  'postprepare',
  'prepublish',
];

/**
 * The files that alone decide what `npm ci` leaves: root manifest and lock, npm's configuration, local archives and
 * the members' manifests. Not certain when npm runs a member's own script or links one of its programs.
 */
export function installInputs(
  derived: readonly string[],
  found: FoundMembers,
  files: readonly RootFile[],
): Pick<Closure, 'installInputs' | 'installInputsReason'> {
  const directories = [...found.directories.values()].filter(({ key }) => key !== undefined);
  for (const directory of directories) {
    const reason = uncertainty(directory);
    if (reason !== undefined) return { installInputsReason: reason };
  }
  const manifests = directories.flatMap(({ manifest }) => (manifest ? [manifest.path] : []));
  const read = files.filter(({ path }) => /(?:^|\/)\.npmrc$|\.tgz$|\.tar\.gz$|\.patch$/.test(path));
  return { installInputs: [...derived, ...read.map(({ path }) => path), ...manifests.sort()] };
}

function uncertainty({ directory, manifest }: ClosureDirectory): string | undefined {
  const script = INSTALL_SCRIPTS.find((name) => manifest?.scripts.has(name));
  if (script !== undefined)
    return `${directory} has the script ${script}, which npm runs when it installs`;
  const { bin, directories } = manifest?.content ?? {};
  const hasBin = bin !== undefined || (isObject(directories) && directories['bin'] !== undefined);
  return hasBin ? `${directory} has programs (bin), which npm links when it installs` : undefined;
}

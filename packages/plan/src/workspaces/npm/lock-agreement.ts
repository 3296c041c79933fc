import { isObject, type Problem } from '@nx-nixpack/base';
import {
  textsOf,
  dependencyPosition,
  DEPENDENCY_KEYS,
  type DependencyKey,
  type Manifest,
} from '../node/manifest.js';
import type { LockEntry } from './package-lock.js';

/** Where a manifest and what the lock file remembers of it differ; the lock file is then older than the manifest. */
export function disagreements(
  manifest: Manifest,
  entry: LockEntry,
  lockPath: string,
  counts: (key: DependencyKey, name: string) => boolean = () => true,
): readonly Problem[] {
  return DEPENDENCY_KEYS.flatMap((key) => {
    const written = declared(manifest, key);
    const locked = textsOf(entry[key]);
    const names = [...new Set([...written.keys(), ...locked.keys()])];
    return names
      .filter((name) => counts(key, name) && written.get(name) !== locked.get(name))
      .map((name) => {
        const [here, there] = [shown(written.get(name)), shown(locked.get(name))];
        return disagreement(manifest, key, name, `says ${here}, ${lockPath} says ${there}`);
      });
  });
}

/** npm drops from `dependencies` what is optional too. */
function declared(manifest: Manifest, key: string): ReadonlyMap<string, string> {
  const written = textsOf(manifest.content[key]);
  const optional = manifest.content['optionalDependencies'];
  if (key !== 'dependencies' || !isObject(optional)) return written;
  return new Map([...written].filter(([name]) => !Object.hasOwn(optional, name)));
}

const shown = (spec: string | undefined): string => (spec === undefined ? 'nothing' : `"${spec}"`);

export function disagreement(
  manifest: Manifest,
  key: string,
  name: string,
  difference: string,
): Problem {
  return {
    code: 'WORKSPACE_LOCK_DISAGREES',
    message: `${manifest.path} and the lock file disagree about ${name} (${key}): the manifest ${difference}`,
    hint: 'Run `npm install` at the root of the workspace and commit package-lock.json.',
    at: dependencyPosition(manifest, key, name),
  };
}

import { encodeText, isObject, joinPath, readFileBytes } from '@nx-nixpack/base';
import type { SourceFiles } from './trial.js';

/** Names in devDependencies of the source's package.json; none when it has none or it cannot be read. */
export function developmentPackages({ tree, directory }: SourceFiles): readonly string[] {
  const path = joinPath(encodeText(directory), encodeText('package.json'));
  if (tree.entry(path)?.type !== 'file') return [];
  try {
    const manifest: unknown = JSON.parse(readFileBytes(tree, path).toString('utf8'));
    const named = isObject(manifest) ? manifest['devDependencies'] : undefined;
    return isObject(named) ? Object.keys(named) : [];
  } catch {
    return [];
  }
}

import { UserError } from '@nx-nixpack/base';
import type { NixpackComponent } from '@nx-nixpack/deployment';
import { closure, sourceTree } from '@nx-nixpack/plan';
import { diskTree } from '../system/disk-tree.js';

/**
 * Paths besides the source whose change may change the component's plan, as Nx inputs relative to the root: libraries of
 * the workspace, its manifests. Wider than the truth is harmless, it costs a plan. Never throws: planning says what is wrong.
 */
export function watchedPaths(root: string, { vars }: NixpackComponent): string[] {
  if (vars.workspace === 'off') return vars.include.slice();
  if (vars.workspace === 'whole') return ['**/*'];
  const paths = closurePaths(root, vars.source);
  return [...(paths ?? []), ...vars.include];
}

/** What a closure reads at the workspace root, even while it cannot be made. */
const ROOT_FILES = ['package.json', 'package-lock.json', '.npmrc'];

function closurePaths(root: string, source: string): readonly string[] | undefined {
  try {
    const found = closure(sourceTree(diskTree(root), { name: '' }), source, []);
    if (found === undefined) return undefined;
    const base = found.root === '' ? '' : `${found.root}/`;
    return [
      ...found.members.map(({ directory }) => `${directory}/**/*`),
      ...ROOT_FILES.map((name) => base + name),
      ...found.rootFiles.map(({ path }) => path),
    ];
  } catch (error) {
    if (error instanceof UserError) return ROOT_FILES;
    throw error;
  }
}

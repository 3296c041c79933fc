import { globOf, joinPath, type WorkspacePath } from '@nx-nixpack/base';
import type { SourceTree } from '../../source/source-tree.js';
import type { LockWalk } from './lock-walk.js';
import type { Manifest } from '../node/manifest.js';
import { resolveFrom } from '../workspace-path.js';

/** Patches that the root's install scripts apply with patch-package, as far as they are about what is kept. */
export interface Patches {
  readonly files: readonly WorkspacePath[];
  /** The only script that the derived root keeps. */
  readonly scripts: Readonly<Record<string, string>>;
}

export const PATCH_TOOL = 'patch-package';
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'];

/** Without them the image would hold other code than the workspace. undefined when no patch applies. */
export function appliedPatches(
  tree: SourceTree,
  root: WorkspacePath,
  manifest: Manifest,
  walk: LockWalk,
): Patches | undefined {
  const place = patchPlace(root, manifest);
  if (place === undefined || !tree.isDirectory(place.directory)) return undefined;
  const { directory, named } = place;
  const files = tree
    .subtree(directory)
    .children.filter((name) => name.endsWith('.patch') && isAbout(name, walk))
    .map((name) => joinPath(directory, name));
  if (files.length === 0) return undefined;
  const option = named === undefined ? '' : ` --patch-dir ${named}`;
  return { files, scripts: { postinstall: `${PATCH_TOOL}${option}` } };
}

/** Where patches count, whether or not there is one now. */
export function patchFiles(root: WorkspacePath, manifest: Manifest): readonly string[] {
  const place = patchPlace(root, manifest);
  return place === undefined ? [] : [joinPath(globOf(place.directory), '*.patch')];
}

function patchPlace(
  root: WorkspacePath,
  { scripts }: Manifest,
): { readonly directory: WorkspacePath; readonly named: string | undefined } | undefined {
  const command = INSTALL_SCRIPTS.map((name) => scripts.get(name) ?? '').find((script) =>
    script.includes(PATCH_TOOL),
  );
  if (command === undefined) return undefined;
  const named = /--patch-dir[ =]+(["']?)([\w./-]+)\1/.exec(command)?.[2];
  const directory = resolveFrom(root, named ?? 'patches');
  return directory === undefined ? undefined : { directory, named };
}

/** `@scope+name+1.2.3.patch` is about @scope/name, `outer++inner+1.2.3.patch` about inner below outer. */
function isAbout(file: string, { kept }: LockWalk): boolean {
  const places = file.replace(/\.patch$/, '').split('++');
  const key = places.map((place) => `node_modules/${packageIn(place)}`).join('/');
  return kept.has(key);
}

function packageIn(place: string): string {
  const [first = '', second = ''] = place.split('+');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

import { nearest, type Problem } from '@nx-nixpack/base';
import type { SourceTree } from '../../source/source-tree.js';
import { claims, memberDirectories } from '../member-globs.js';
import { workspaceGlobs } from '../node/claim.js';
import {
  DEPENDENCY_KEYS,
  dependencyPosition,
  readManifest,
  textsOf,
  type Manifest,
} from '../node/manifest.js';
import { joinDirectories } from '../workspace-path.js';
import type { LockEntry, PackageLock } from './package-lock.js';

/** Where the members of a workspace are written down. */
export interface MemberSources {
  readonly tree: SourceTree;
  readonly root: string;
  readonly manifest: Manifest;
  readonly lock: PackageLock;
}

/**
 * Dependencies that look like members of the workspace while no member has the name. npm would ask a public registry for
 * them, where the name may belong to a stranger, so nobody is told to run `npm install`.
 */
export function unknownMembers(
  sources: MemberSources,
  manifest: Manifest,
  locked: LockEntry,
): readonly Problem[] {
  const unlocked = DEPENDENCY_KEYS.flatMap((key) =>
    [...textsOf(manifest.content[key])]
      .filter(([name]) => !textsOf(locked[key]).has(name))
      .map(([name, spec]) => ({ key, name, spec })),
  );
  if (unlocked.length === 0) return [];
  const names = memberNames(sources.lock, sources.manifest);
  const local = unlocked.filter(({ name, spec }) => looksLocal(name, spec, names));
  if (local.every(({ name }) => names.has(name))) return [];
  const all = new Set([...names, ...namesOnDisk(sources)]);
  return local
    .filter(({ name }) => !all.has(name))
    .map(({ key, name }) => noMember(manifest, key, name, all));
}

/** The members by name, as the lock file lists them. */
export function memberNames(lock: PackageLock, { content }: Manifest): ReadonlySet<string> {
  const globs = workspaceGlobs(content['workspaces']);
  return new Set(
    [...lock.entries].flatMap(([key, { link, resolved }]) =>
      link === true && resolved !== undefined && claims(globs, resolved)
        ? [key.slice('node_modules/'.length)]
        : [],
    ),
  );
}

/** Members that are newer than the lock file. */
function namesOnDisk({ tree, root, manifest }: MemberSources): readonly string[] {
  const globs = workspaceGlobs(manifest.content['workspaces']);
  return memberDirectories(tree, root, globs).flatMap(
    (directory) => readManifest(tree, joinDirectories(root, directory))?.name ?? [],
  );
}

export function looksLocal(name: string, spec: string, members: ReadonlySet<string>): boolean {
  if (/^(?:workspace|file|link):/.test(spec) || spec === '*') return true;
  const scope = name.startsWith('@') ? name.slice(0, name.indexOf('/') + 1) : undefined;
  return scope !== undefined && [...members].some((member) => member.startsWith(scope));
}

export function noMember(
  manifest: Manifest,
  key: string,
  name: string,
  members: ReadonlySet<string>,
): Problem {
  const near = nearest(name, members).slice(0, 3);
  return {
    code: 'WORKSPACE_MEMBER_MISSING',
    message: `${manifest.path} depends on ${name} (${key}), which is not a member of the workspace`,
    hint:
      near.length > 0
        ? `Did you mean ${near.join(' or ')}? Otherwise add it to the workspace.`
        : 'Add it to the workspace, or remove the dependency.',
    at: dependencyPosition(manifest, key, name),
  };
}

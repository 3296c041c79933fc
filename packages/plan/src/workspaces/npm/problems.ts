import type { Problem, WorkspacePath } from '@nx-nixpack/base';
import type { SourceTree } from '../../source/source-tree.js';
import type { RootDependencies } from './derive.js';
import { disagreement, disagreements } from './lock-agreement.js';
import type { LockWalk, MissingEdge } from './lock-walk.js';
import { textsOf, type Manifest } from '../node/manifest.js';
import type { ClosureDirectory, FoundMembers } from './members.js';
import type { PackageLock } from './package-lock.js';
import { joinDirectories } from '../workspace-path.js';
import { looksLocal, memberNames, noMember, unknownMembers } from './unknown-members.js';

/** What is known of a closure before it is put together. */
export interface NpmContext {
  readonly tree: SourceTree;
  readonly root: WorkspacePath;
  readonly manifest: Manifest;
  readonly lock: PackageLock;
  readonly lockPath: string;
  readonly walk: LockWalk;
  readonly found: FoundMembers;
  readonly source: WorkspacePath;
}

/** Everything in which manifests, lock file and disk do not fit together, as far as the closure needs them. */
export function npmProblems(context: NpmContext, kept: RootDependencies): readonly Problem[] {
  return [
    ...agreementProblems(context),
    ...rootAgreementProblems(context, kept),
    ...missingProblems(context),
  ];
}

/** Only what the closure uses must agree: an edit of another member's manifest is no business of this image. */
function agreementProblems(context: NpmContext): readonly Problem[] {
  return [...context.found.directories.values()].flatMap((directory) => {
    const entry = directory.key === undefined ? undefined : context.lock.entries.get(directory.key);
    const isMember = entry !== undefined || directory.directory === context.source;
    if (!isMember || directory.manifest === undefined) return [];
    const unknown = unknownMembers(context, directory.manifest, entry ?? {});
    if (unknown.length > 0) return unknown;
    return entry === undefined
      ? [notLocked(context)]
      : disagreements(directory.manifest, entry, context.lockPath);
  });
}

const notLocked = ({ manifest, source, lockPath }: NpmContext): Problem => ({
  code: 'WORKSPACE_LOCK_DISAGREES',
  message: `${manifest.path} makes ${source} a member of its workspace, but ${lockPath} does not know it`,
  hint: 'Run `npm install` at the root of the workspace and commit package-lock.json.',
  at: { file: lockPath, line: 1, column: 1 },
});

function rootAgreementProblems(
  { lock, lockPath, manifest }: NpmContext,
  kept: RootDependencies,
): readonly Problem[] {
  const locked = lock.entries.get('') ?? {};
  return disagreements(
    manifest,
    locked,
    lockPath,
    (key, name) => kept.get(key)?.has(name) === true,
  );
}

function missingProblems(context: NpmContext): readonly Problem[] {
  const { found, walk, root } = context;
  const absent = [...found.directories.values()].flatMap((directory) =>
    absentProblem(context, directory),
  );
  const missing = walk.missing.flatMap((edge) => {
    const from = found.directories.get(joinDirectories(root, edge.from));
    const declaring = from?.manifest ?? (edge.from === '' ? context.manifest : undefined);
    return declaring === undefined
      ? [brokenLock(context, edge)]
      : missingFrom(context, declaring, edge);
  });
  return [...absent, ...missing];
}

/** A directory that the lock file knows and the disk does not have. */
function absentProblem(
  { found, manifest }: NpmContext,
  { directory, key, manifest: own }: ClosureDirectory,
): readonly Problem[] {
  if (key === undefined || own !== undefined) return [];
  const edge = found.edges.find(({ to }) => to === directory);
  return [
    {
      code: 'WORKSPACE_MEMBER_MISSING',
      message: `${directory} is needed (${edge?.why ?? 'the source'}), but has no package.json`,
      hint: 'Restore it, or remove the dependency and run `npm install` at the root.',
      at: { file: manifest.path, line: 1, column: 1 },
    },
  ];
}

function missingFrom(
  context: NpmContext,
  manifest: Manifest,
  { from, edge }: MissingEdge,
): readonly Problem[] {
  // What the lock file says about the manifest is compared elsewhere; one message for one dependency.
  const locked = textsOf(context.lock.entries.get(from)?.[edge.key]).get(edge.name);
  const names = memberNames(context.lock, context.manifest);
  if (!names.has(edge.name) && looksLocal(edge.name, edge.spec, names))
    return [noMember(manifest, edge.key, edge.name, names)];
  if (locked !== undefined) return [];
  const difference = `says "${edge.spec}", no version of it is locked`;
  return [disagreement(manifest, edge.key, edge.name, difference)];
}

const brokenLock = ({ lockPath }: NpmContext, { from, edge }: MissingEdge): Problem => ({
  code: 'WORKSPACE_LOCK_DISAGREES',
  message: `${lockPath} has no place for ${edge.name}, on which ${from} depends`,
  hint: 'Delete package-lock.json and node_modules, run `npm install` at the root and commit the result.',
  at: { file: lockPath, line: 1, column: 1 },
});

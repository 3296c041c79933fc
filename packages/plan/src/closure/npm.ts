import { UserError, type Problem } from '@nx-nixpack/base';
import type { SourceTree } from '../source-tree.js';
import { checkDerived, deriveRoot, type RootDependencies } from './derive.js';
import { disagreement, disagreements } from './lock-agreement.js';
import { LockWalk, type MissingEdge } from './lock-walk.js';
import {
  dependencyPosition,
  readManifest,
  textsOf,
  type DependencyKey,
  type Manifest,
} from './manifest.js';
import type { Closure, Edge } from './model.js';
import { nearestNames } from './nearest-names.js';
import { installInputs } from './npm-install-inputs.js';
import {
  findMembers,
  sortMembers,
  type ClosureDirectory,
  type FoundMembers,
} from './npm-members.js';
import { appliedPatches, PATCH_TOOL } from './npm-patches.js';
import { rootFiles } from './npm-root-files.js';
import { parsePackageLock, readPackageLock, type PackageLock } from './package-lock.js';
import { rootTools } from './root-tools.js';
import { claims, workspaceGlobs } from './workspace-globs.js';
import { joinDirectories } from './workspace-path.js';

/** The closure of a source in an npm workspace: its members, a pruned lock file and a root package.json to match. */
export function npmClosure(
  tree: SourceTree,
  root: string,
  source: string,
  extraEdges: readonly Edge[],
): Closure {
  const manifest = readManifest(tree, root);
  if (manifest === undefined) throw new Error(`no package.json at the workspace ${root}`);
  const lockPath = joinDirectories(root, 'package-lock.json');
  const lock = readLock(tree, lockPath);
  const walk = new LockWalk(lock.entries);
  let kept: RootDependencies = new Map();
  const found = findMembers(tree, root, lock, walk, {
    source,
    extraEdges,
    reachRoot: (directories) => {
      kept = rootDependencies(manifest, rootTools(tree, manifest, lock.entries, [...directories]));
      reachRoot(manifest, kept, walk);
      if (appliedPatches(tree, root, manifest, walk) === undefined) return;
      kept = withPatchTool(manifest, kept);
      reachRoot(manifest, kept, walk);
    },
  });
  const context: Context = { tree, root, manifest, lock, lockPath, walk, found, source };
  if (found.problems.length > 0) throw UserError.of(found.problems);
  const problems = [
    ...agreementProblems(context),
    ...rootAgreementProblems(context, kept),
    ...missingProblems(context),
  ];
  if (problems.length > 0) throw UserError.of(problems);
  return assemble(context, kept);
}

interface Context {
  readonly tree: SourceTree;
  readonly root: string;
  readonly manifest: Manifest;
  readonly lock: PackageLock;
  readonly lockPath: string;
  readonly walk: LockWalk;
  readonly found: FoundMembers;
  readonly source: string;
}

function readLock(tree: SourceTree, path: string): PackageLock {
  const text = tree.read(path);
  if (text !== undefined) return parsePackageLock(path, text);
  throw new UserError({
    code: 'WORKSPACE_LOCK_UNSUPPORTED',
    message: `the npm workspace has no ${path}, so nobody knows which versions belong to the build`,
    hint: 'Run `npm install` at the root of the workspace and commit package-lock.json',
    at: { file: path, line: 1, column: 1 },
  });
}

/** All runtime dependencies of the root, since sources may import them undeclared, and the tools the closure uses. */
function rootDependencies({ content }: Manifest, tools: ReadonlySet<string>): RootDependencies {
  const all = ['dependencies', 'optionalDependencies', 'peerDependencies'] as const;
  return new Map<DependencyKey, ReadonlySet<string>>([
    ...all.map((key) => [key, new Set(textsOf(content[key]).keys())] as const),
    ['devDependencies', tools],
  ]);
}

function withPatchTool({ content }: Manifest, kept: RootDependencies): RootDependencies {
  if (!textsOf(content['devDependencies']).has(PATCH_TOOL)) return kept;
  const tools = new Set([...(kept.get('devDependencies') ?? []), PATCH_TOOL]);
  return new Map([...kept, ['devDependencies', tools]]);
}

function reachRoot({ content }: Manifest, kept: RootDependencies, walk: LockWalk): void {
  for (const [key, names] of kept)
    for (const name of names) {
      const spec = textsOf(content[key]).get(name) ?? '';
      walk.reachFromRoot({ name, spec, key, optional: key === 'optionalDependencies' });
    }
}

/** Only what the closure uses must agree: an edit of another member's manifest is no business of this image. */
function agreementProblems({
  found,
  lock,
  lockPath,
  manifest,
  source,
}: Context): readonly Problem[] {
  return [...found.directories.values()].flatMap((directory) => {
    const entry = directory.key === undefined ? undefined : lock.entries.get(directory.key);
    if (entry !== undefined && directory.manifest !== undefined)
      return disagreements(directory.manifest, entry, lockPath);
    if (directory.directory !== source) return [];
    return [
      {
        code: 'WORKSPACE_LOCK_DISAGREES' as const,
        message: `${manifest.path} makes ${source} a member of its workspace, but ${lockPath} does not know it`,
        hint: 'Run `npm install` at the root of the workspace and commit package-lock.json',
        at: { file: lockPath, line: 1, column: 1 },
      },
    ];
  });
}

function rootAgreementProblems(
  { lock, lockPath, manifest }: Context,
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

function missingProblems(context: Context): readonly Problem[] {
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
  { found, manifest }: Context,
  { directory, key, manifest: own }: ClosureDirectory,
): readonly Problem[] {
  if (key === undefined || own !== undefined) return [];
  const edge = found.edges.find(({ to }) => to === directory);
  return [
    {
      code: 'WORKSPACE_MEMBER_MISSING',
      message: `${directory} is needed (${edge?.why ?? 'the source'}), but has no package.json`,
      hint: 'Restore it, or remove the dependency and run `npm install` at the root',
      at: { file: manifest.path, line: 1, column: 1 },
    },
  ];
}

function missingFrom(
  context: Context,
  manifest: Manifest,
  { from, edge }: MissingEdge,
): readonly Problem[] {
  // What the lock file says about the manifest is compared elsewhere; one message for one dependency.
  const locked = textsOf(context.lock.entries.get(from)?.[edge.key]).get(edge.name);
  const names = memberNames(context);
  if (names.has(edge.name) || !looksLocal(edge.name, edge.spec, names))
    return locked === undefined
      ? []
      : [
          disagreement(
            manifest,
            edge.key,
            edge.name,
            `says "${edge.spec}", no version of it is locked`,
          ),
        ];
  const nearest = nearestNames(edge.name, names.keys());
  return [
    {
      code: 'WORKSPACE_MEMBER_MISSING',
      message: `${manifest.path} depends on ${edge.name} (${edge.key}), which is no member of the workspace`,
      hint:
        nearest.length > 0
          ? `Did you mean ${nearest.join(', ')}? Otherwise add it to the workspace`
          : 'Add it to the workspace, or remove the dependency',
      at: dependencyPosition(manifest, edge.key, edge.name),
    },
  ];
}

/** The members by name, as the lock file lists them. */
function memberNames({ lock, manifest }: Context): ReadonlyMap<string, string> {
  const globs = workspaceGlobs(manifest.content['workspaces']);
  return new Map(
    [...lock.entries].flatMap(([key, { link, resolved }]): [string, string][] =>
      link === true && resolved !== undefined && claims(globs, resolved)
        ? [[key.slice('node_modules/'.length), resolved]]
        : [],
    ),
  );
}

function looksLocal(name: string, spec: string, members: ReadonlyMap<string, string>): boolean {
  if (/^(?:workspace|file|link):/.test(spec) || spec === '*') return true;
  const scope = name.startsWith('@') ? name.slice(0, name.indexOf('/') + 1) : undefined;
  return scope !== undefined && [...members.keys()].some((member) => member.startsWith(scope));
}

const brokenLock = ({ lockPath }: Context, { from, edge }: MissingEdge): Problem => ({
  code: 'WORKSPACE_LOCK_DISAGREES',
  message: `${lockPath} has no place for ${edge.name}, on which ${from} depends`,
  hint: 'Delete package-lock.json and node_modules, run `npm install` at the root and commit the result',
  at: { file: lockPath, line: 1, column: 1 },
});

function assemble(context: Context, kept: RootDependencies): Closure {
  const { tree, root, manifest, lock, lockPath, walk, found, source } = context;
  const globs = workspaceGlobs(manifest.content['workspaces']);
  const keys = [...found.directories.values()].flatMap(({ key }) =>
    key === undefined ? [] : [key],
  );
  const workspaces = keys.filter((key) => claims(globs, key));
  for (const key of workspaces) keepLink(lock, walk, key);
  const patches = appliedPatches(tree, root, manifest, walk);
  const derived = deriveRoot(manifest, lock, walk, workspaces, kept, patches?.scripts);
  const lockText = `${JSON.stringify(derived.lock, null, 2)}\n`;
  checkDerived(lock, readPackageLock(lockPath, lockText));
  const files = rootFiles(tree, root, lock, walk, found, patches?.files ?? []);
  return {
    source,
    ecosystem: 'npm',
    root,
    members: sortMembers(
      found,
      source,
      new Set(workspaces.map((key) => joinDirectories(root, key))),
    ),
    rootFiles: files,
    derived: new Map([
      [manifest.path, Buffer.from(`${JSON.stringify(derived.manifest, null, 2)}\n`)],
      [lockPath, Buffer.from(lockText)],
    ]),
    ...installInputs([manifest.path, lockPath], found, files),
    problems: [],
  };
}

/** Members that only project references or extra edges name are links of the root all the same. */
function keepLink(lock: PackageLock, walk: LockWalk, member: string): void {
  for (const key of lock.links.get(member) ?? []) if (isRootPlace(key)) walk.reach(key);
}

const isRootPlace = (key: string): boolean => key.lastIndexOf('node_modules/') === 0;

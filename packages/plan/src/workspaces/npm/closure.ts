import { globOf, UserError } from '@nx-nixpack/base';
import type { SourceTree } from '../../source/source-tree.js';
import { checkDerived, deriveRoot, type RootDependencies } from './derive.js';
import { LockWalk } from './lock-walk.js';
import { readManifest, textsOf, type DependencyKey, type Manifest } from '../node/manifest.js';
import type { Cut, Membership } from '../ecosystem.js';
import type { Edge } from '../model.js';

import { installInputs } from './install-inputs.js';
import { findMembers, sortMembers } from './members.js';
import { appliedPatches, patchFiles, PATCH_TOOL } from './patches.js';
import { npmProblems, type NpmContext } from './problems.js';
import { rootFiles } from './root-files.js';
import { parsePackageLock, readPackageLock, type PackageLock } from './package-lock.js';
import { rootTools } from './root-tools.js';
import { claims } from '../member-globs.js';
import { workspaceGlobs } from '../node/claim.js';
import { joinDirectories } from '../workspace-path.js';

/** The closure of a source in an npm workspace: its members, a pruned lock file and a root package.json to match. */
export function npmClosure(
  tree: SourceTree,
  { root, source }: Membership,
  extraEdges: readonly Edge[],
): Cut {
  const manifest = readManifest(tree, root);
  if (manifest === undefined) throw new Error(`no package.json at the workspace ${root}`);
  const lockPath = joinDirectories(root, 'package-lock.json');
  const lock = readLock(tree, lockPath);
  const walk = new LockWalk(lock);
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
  const context: NpmContext = { tree, root, manifest, lock, lockPath, walk, found, source };
  if (found.problems.length > 0) throw UserError.of(found.problems);
  const problems = npmProblems(context, kept);
  if (problems.length > 0) throw UserError.of(problems);
  return assemble(context, kept);
}

function readLock(tree: SourceTree, path: string): PackageLock {
  const text = tree.read(path);
  if (text !== undefined) return parsePackageLock(path, text);
  throw new UserError({
    code: 'WORKSPACE_LOCK_UNSUPPORTED',
    message: `The npm workspace has no ${path}, so the versions of what is installed are not known`,
    hint: 'Run `npm install` at the root of the workspace and commit package-lock.json.',
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

function assemble(context: NpmContext, kept: RootDependencies): Cut {
  const { tree, root, manifest, lock, lockPath, walk, found, source } = context;
  const globs = workspaceGlobs(manifest.content['workspaces']);
  const keys = [...found.directories.values()].flatMap(({ key }) =>
    key === undefined ? [] : [key],
  );
  const workspaces = keys.filter((key) => claims(globs, key));
  for (const key of workspaces) keepLink(lock, walk, key);
  const patches = appliedPatches(tree, root, manifest, walk);
  let derived: Derived | undefined;
  const files = rootFiles(tree, root, lock, walk, found, patches?.files ?? []);
  return {
    members: sortMembers(
      found,
      source,
      new Set(workspaces.map((key) => joinDirectories(root, key))),
    ),
    rootFiles: files,
    derived: () => (derived ??= derive(context, kept, workspaces, patches?.scripts)),
    watched: [
      ...patchFiles(root, manifest),
      ...[...found.directories.values()].flatMap(({ tsconfig }) => tsconfig.candidates.map(globOf)),
    ],
    ...installInputs([manifest.path, lockPath], found, files),
    problems: [],
  };
}

type Derived = ReadonlyMap<string, Uint8Array>;

function derive(
  { manifest, lock, lockPath, walk }: NpmContext,
  kept: RootDependencies,
  members: readonly string[],
  scripts?: Readonly<Record<string, string>>,
): Derived {
  const derived = deriveRoot(manifest, lock, walk, members, kept, scripts);
  const lockText = `${JSON.stringify(derived.lock, null, 2)}\n`;
  checkDerived(lock, readPackageLock(lockPath, lockText));
  return new Map([
    [manifest.path, Buffer.from(`${JSON.stringify(derived.manifest, null, 2)}\n`)],
    [lockPath, Buffer.from(lockText)],
  ]);
}

/** Members that only project references or extra edges name are links of the root all the same. */
function keepLink(lock: PackageLock, walk: LockWalk, member: string): void {
  for (const key of lock.links.get(member) ?? []) if (isRootPlace(key)) walk.reach(key);
}

const isRootPlace = (key: string): boolean => key.lastIndexOf('node_modules/') === 0;

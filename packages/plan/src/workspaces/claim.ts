import { directoriesAbove, relativeTo, UserError } from '@nx-nixpack/base';
import { parseToml, parseYaml, type DataNode } from '@nx-nixpack/data';
import { attempt, member } from '@nx-nixpack/data/first-fault';
import type { SourceTree } from '../source/source-tree.js';
import { readManifest, type Manifest } from './npm/manifest.js';
import { claims, workspaceGlobs } from './workspace-globs.js';
import { joinDirectories } from './workspace-path.js';

/** A workspace that claims a source. */
export interface Claim {
  readonly manager: 'npm' | 'pnpm' | 'yarn' | 'bun' | 'Go' | 'Cargo' | 'uv';
  /** Directory of the workspace; '' is the workspace root. */
  readonly root: string;
  /** The file that makes the source a member. */
  readonly path: string;
}

/** The workspace that claims the source, the nearest one. */
export function findClaim(tree: SourceTree, source: string): Claim | undefined {
  for (const at of directoriesAbove(source)) {
    const place = { at, source, directory: relativeTo(at, source) };
    for (const claim of CLAIMS) {
      const found = claim(tree, place);
      if (found !== undefined) return { ...found, root: at };
    }
  }
  return undefined;
}

interface Place {
  readonly at: string;
  readonly source: string;
  /** The source, seen from `at`. */
  readonly directory: string;
}
type FindClaim = (tree: SourceTree, place: Place) => Omit<Claim, 'root'> | undefined;

/** One for each kind of workspace; pnpm before npm, because its workspaces may have a `workspaces` field too. */
const CLAIMS: readonly FindClaim[] = [pnpmClaim, nodeClaim, goClaim, cargoClaim, uvClaim];

function pnpmClaim(tree: SourceTree, { at, source, directory }: Place): ReturnType<FindClaim> {
  if (!tree.has(joinDirectories(source, 'package.json'))) return undefined;
  const path = joinDirectories(at, 'pnpm-workspace.yaml');
  const globs = textsAt(readData(tree, path, parseYaml), 'packages');
  return claims(globs, directory) ? { manager: 'pnpm', path } : undefined;
}

function nodeClaim(tree: SourceTree, { at, source, directory }: Place): ReturnType<FindClaim> {
  if (!tree.has(joinDirectories(source, 'package.json'))) return undefined;
  const manifest = readManifest(tree, at);
  if (manifest === undefined) return undefined;
  const globs = workspaceGlobs(manifest.content['workspaces']);
  if (!claims(globs, directory)) return undefined;
  return { manager: managerOf(tree, at, manifest), path: manifest.path };
}

function goClaim(tree: SourceTree, { at, source }: Place): ReturnType<FindClaim> {
  if (!tree.has(joinDirectories(source, 'go.mod'))) return undefined;
  const path = joinDirectories(at, 'go.work');
  const used = goWorkDirectories(tree.read(path) ?? '');
  return used.some((each) => joinDirectories(at, each) === source)
    ? { manager: 'Go', path }
    : undefined;
}

function cargoClaim(tree: SourceTree, { at, source, directory }: Place): ReturnType<FindClaim> {
  if (!tree.has(joinDirectories(source, 'Cargo.toml'))) return undefined;
  const path = joinDirectories(at, 'Cargo.toml');
  const workspace = member(readData(tree, path, parseToml), 'workspace');
  return namesMember(workspace, directory) ? { manager: 'Cargo', path } : undefined;
}

function uvClaim(tree: SourceTree, { at, source, directory }: Place): ReturnType<FindClaim> {
  if (!tree.has(joinDirectories(source, 'pyproject.toml'))) return undefined;
  const path = joinDirectories(at, 'pyproject.toml');
  const workspace = ['tool', 'uv', 'workspace'].reduce(member, readData(tree, path, parseToml));
  return namesMember(workspace, directory) ? { manager: 'uv', path } : undefined;
}

const namesMember = (workspace: DataNode | undefined, directory: string): boolean =>
  claims(textsAt(workspace, 'members'), directory) &&
  !claims(textsAt(workspace, 'exclude'), directory);

const NODE_MANAGERS = ['npm', 'pnpm', 'yarn', 'bun'] as const;

/** As nixpacks chooses it (planner specification, 9.3). */
function managerOf(tree: SourceTree, root: string, { content }: Manifest): Claim['manager'] {
  const written = content['packageManager'];
  const named = NODE_MANAGERS.find(
    (name) => name === (typeof written === 'string' ? written.split('@')[0] : undefined),
  );
  if (named !== undefined) return named;
  const has = (name: string): boolean => tree.has(joinDirectories(root, name));
  if (has('pnpm-lock.yaml')) return 'pnpm';
  if (has('yarn.lock')) return 'yarn';
  return has('bun.lock') || has('bun.lockb') ? 'bun' : 'npm';
}

/** What a file holds; undefined when it is absent or malformed, which its own tool will say better. */
function readData(
  tree: SourceTree,
  path: string,
  parse: (text: string) => DataNode,
): DataNode | undefined {
  const text = tree.read(path);
  return text === undefined ? undefined : attempt(() => parse(text));
}

function textsAt(node: DataNode | undefined, key: string): readonly string[] {
  const list = member(node, key);
  if (list?.kind !== 'list') return [];
  return list.items.flatMap(({ ...item }) => ('value' in item ? [String(item.value)] : []));
}

/** The directories of `use` lines and blocks (Go modules reference, go.work files). */
function goWorkDirectories(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.replace(/\/\/.*$/, '').trim());
  let inBlock = false;
  return lines.flatMap((line) => {
    const opens = /^use\s*\($/.test(line);
    const single = /^use\s+([^(].*)$/.exec(line)?.[1];
    const directory = inBlock && line !== ')' ? line : single;
    inBlock = opens || (inBlock && line !== ')');
    return directory === undefined || directory === ''
      ? []
      : [directory.replace(/^["`]|["`]$/g, '')];
  });
}

/** The failure for a workspace whose closure nobody computes yet. */
export const unsupportedWorkspace = ({ manager, path }: Claim, source: string): UserError =>
  new UserError({
    code: 'UNSUPPORTED',
    message: `${path} makes ${source} a member of a ${manager} workspace, which is not supported yet`,
    hint: 'Set `workspace: off` when the source builds alone, or `workspace: whole` to build with the whole workspace',
    at: { file: path, line: 1, column: 1 },
  });

import {
  baseName,
  bytes,
  type ByteString,
  encodeText,
  type Entry,
  type FileTree,
  isWithin,
  joinPath,
  type Problem,
  readFileBytes,
  shownPath,
  UserError,
  type WorkspacePath,
} from '@nx-nixpack/base';
import type { Digest } from '@nx-nixpack/oci';
import {
  closure,
  overlay,
  plainLayout,
  sourceTree,
  undeclaredImports,
  wholeWorkspace,
  type Closure,
  type Edge,
  type SourceTree,
} from '@nx-nixpack/plan';
import { includedBy, keptBelow } from './collect-files.js';
import { ContextRules } from './context-rules.js';
import {
  contextDigest,
  contextFile,
  contextTree,
  derivedFile,
  type ContextFile,
} from './context-tree.js';
import { refuseCredentials } from './refuse-credentials.js';
import { diskTree } from '../system/disk-tree.js';

export interface SourceContextOptions {
  /** Absolute path. */
  readonly workspaceRoot: string;
  readonly source: WorkspacePath;
  readonly workspace: 'auto' | 'off' | 'whole';
  /** Patterns of further files, relative to the workspace root. */
  readonly include: readonly string[];
  readonly extraEdges?: readonly Edge[];
  /** The workspace's files, when the caller has them already. Default: the disk. */
  readonly files?: FileTree;
}

/** The source of one component: what is planned, and exactly what enters the build. */
export interface SourceContext {
  /** The files of the build at their places below /app. */
  readonly tree: FileTree;
  /** Changes exactly when something that enters the build changes. */
  readonly digest: Digest;
  /** Present when the source does not lie at /app itself; the plan must then be lifted. */
  readonly closure?: Closure;
  /** What providers see. */
  readonly planTree: SourceTree;
  /** Where the source lies below /app; '' when it stands alone. */
  readonly sourceDirectory: string;
  /** Warnings. */
  readonly problems: readonly Problem[];
}

/**
 * Decides what of a workspace belongs to one component's build (docs/concepts/monorepo.md), and reads all of it once.
 * Starts no process, follows no link. Throws UserError SOURCE_…, WORKSPACE_… or UNSUPPORTED.
 */
export function sourceContext(options: SourceContextOptions): SourceContext {
  const files = options.files ?? diskTree(options.workspaceRoot);
  requireDirectory(files, options.source);
  const included = options.include.flatMap((pattern) => includedBy(files, pattern));
  const layout = layoutOf(files, options, included);
  const chosen =
    layout === undefined ? aloneFiles(files, options.source) : chosenFiles(files, options, layout);
  const start = layout === undefined ? encodeText(options.source) : bytes``;
  const all = contextFiles(files, [...chosen, ...included], start, layout);
  const tree = contextTree(all);
  const sourceDirectory = layout === undefined ? '' : options.source;
  refuseEmptySource(all, options.source, encodeText(sourceDirectory));
  refuseDeadLinks(tree, sourceDirectory);
  const derived = layout?.derived() ?? new Map<string, Uint8Array>();
  refuseCredentials({ files: all, tree, derived, workspace: files, start });
  const problems = [
    ...(layout?.problems ?? []),
    ...lostImports(files, tree, options.source, layout, all),
  ];
  return {
    tree,
    digest: contextDigest(all),
    ...(layout === undefined ? {} : { closure: { ...layout, problems } }),
    planTree: planTree(tree, options.source, layout),
    sourceDirectory,
    problems,
  };
}

/** Imports that only the rest of the workspace makes work. */
function lostImports(
  workspace: FileTree,
  tree: FileTree,
  source: WorkspacePath,
  layout: Closure | undefined,
  files: readonly ContextFile[],
): readonly Problem[] {
  const start = encodeText(layout === undefined ? source : '');
  const regular = files.flatMap(({ path, type, size }) => {
    const text = (): string => readFileBytes(tree, path).toString('utf8');
    return type === 'file' ? [{ path: shownPath(joinPath(start, path)), size, text }] : [];
  });
  const view = sourceTree(workspace, { name: 'workspace' });
  return undeclaredImports(view, layout ?? plainLayout(source), regular);
}

/** undefined: the source stands alone and lies at /app. */
function layoutOf(
  files: FileTree,
  { source, workspace, extraEdges = [] }: SourceContextOptions,
  included: readonly Entry[],
): Closure | undefined {
  // The root holds everything there is; no layout could differ from its own.
  if (source === '') return undefined;
  const view = sourceTree(files, { name: 'workspace' });
  if (workspace === 'whole') return wholeWorkspace(view, source, extraEdges);
  const found = workspace === 'off' ? undefined : closure(view, source, extraEdges);
  if (found !== undefined) return found;
  const below = `${encodeText(source)}/`;
  // Files outside of the source keep their distance to it, as the program expects them.
  return included.every(({ path }) => path.startsWith(below)) ? undefined : plainLayout(source);
}

function aloneFiles(files: FileTree, source: string): Iterable<Entry> {
  const directory = encodeText(source);
  return keptBelow(files, directory, new ContextRules(files, [directory]));
}

function* chosenFiles(
  files: FileTree,
  { workspace, source }: SourceContextOptions,
  layout: Closure,
): Generator<Entry> {
  if (workspace === 'whole') return yield* keptBelow(files, bytes``, new ContextRules(files, []));
  const directories = [source, ...layout.members.map(({ directory }) => directory)].map(encodeText);
  const rules = new ContextRules(files, directories);
  for (const directory of directories) yield* keptBelow(files, directory, rules);
  for (const { path } of layout.rootFiles) {
    const entry = files.entry(encodeText(path));
    if (entry !== undefined && rules.keeps(entry.path)) yield entry;
  }
}

/** Each path once, seen from `start`; derived files replace the originals. */
function contextFiles(
  files: FileTree,
  entries: Iterable<Entry>,
  start: ByteString,
  layout: Closure | undefined,
): readonly ContextFile[] {
  const all = new Map<ByteString, ContextFile>();
  for (const entry of entries) {
    const path = start === '' ? entry.path : entry.path.slice(start.length + 1);
    if (!all.has(path)) all.set(path, contextFile(files, entry, path));
  }
  for (const [path, content] of layout?.derived() ?? [])
    all.set(encodeText(path), derivedFile(encodeText(path), content));
  return [...all.values()];
}

function planTree(tree: FileTree, source: string, layout: Closure | undefined): SourceTree {
  // The name of the root's directory is the machine's business, not the plan's.
  const name = source === '' ? 'app' : baseName(source);
  return sourceTree(layout === undefined ? tree : overlay(tree, layout), { name });
}

function requireDirectory(files: FileTree, source: string): void {
  const parts = source === '' ? [] : encodeText(source).split('/');
  let path = bytes``;
  for (const part of parts) {
    path = joinPath(path, part);
    const type = files.entry(path)?.type;
    if (type === 'directory') continue;
    if (type === 'symlink') throw linkedSource(source, path);
    throw new UserError({
      code: 'SOURCE_MISSING',
      message: `There is no directory ${source} in the workspace`,
      hint: 'Correct `source`; it is relative to the workspace root.',
    });
  }
}

/** Nobody means an image of nothing: the path is wrong, or everything is ignored. */
function refuseEmptySource(
  files: readonly ContextFile[],
  source: string,
  placedAt: ByteString,
): void {
  if (files.some(({ path }) => isWithin(path, placedAt))) return;
  throw new UserError({
    code: 'SOURCE_MISSING',
    message: `No file of ${source || 'the workspace'} belongs to the build`,
    hint: 'Correct `source`, or look into .gitignore and .dockerignore.',
  });
}

const linkedSource = (source: string, path: ByteString): UserError =>
  new UserError({
    code: 'SOURCE_UNSUPPORTED',
    message: `${source} lies behind the link ${shownPath(path)}`,
    hint: 'Name the directory itself as `source`.',
  });

/** Files that decide the plan. As a link to a place outside they would be read from there, or be absent in the image. */
const DECIDING = [
  bytes`package.json`,
  bytes`nixpacks.toml`,
  bytes`nixpacks.json`,
  bytes`Procfile`,
  bytes`Dockerfile`,
];

function refuseDeadLinks(tree: FileTree, directory: string): void {
  const view = sourceTree(tree, { name: 'app' });
  for (const name of DECIDING) {
    const path = joinPath(encodeText(directory), name);
    const entry = tree.entry(path);
    if (entry?.type !== 'symlink' || view.has(shownPath(path))) continue;
    throw new UserError({
      code: 'SOURCE_OUTSIDE_WORKSPACE',
      message: `${shownPath(path)} is a link to ${shownPath(entry.target ?? bytes``)}, which is not part of the build`,
      hint: 'Put the file in place of the link, or name the file it leads to in `include`.',
    });
  }
}

import {
  type ByteString,
  encodeText,
  type FileTree,
  joinPath,
  type Problem,
  readFileBytes,
  resolveEntry,
  shownPath,
  UserError,
} from '@nx-nixpack/base';
import { mayHoldCredentials, sourceCredentials } from '@nx-nixpack/plan';
import type { ContextFile } from './context-tree.js';

const MAX_BYTES = 64 * 1024 * 1024;

export interface JudgedContext {
  /** What enters the build. */
  readonly files: readonly ContextFile[];
  readonly tree: FileTree;
  /** Files that replace an original, by path. */
  readonly derived: ReadonlyMap<string, Uint8Array>;
  readonly workspace: FileTree;
  /** The directory of the workspace that became the root of the tree. */
  readonly start: ByteString;
}

/** Throws SOURCE_CREDENTIALS with every credential that the files of a build spell out. */
export function refuseCredentials(context: JudgedContext): void {
  const problems = context.files.flatMap(({ path }) => {
    const shown = shownPath(joinPath(context.start, path));
    return mayHoldCredentials(shown) ? credentialsIn(context, path, shown) : [];
  });
  if (problems.length > 0) throw UserError.of(problems);
}

function credentialsIn(context: JudgedContext, at: ByteString, path: string): readonly Problem[] {
  const { tree, workspace, derived } = context;
  const found = sourceCredentials(path, textOf(tree, at) ?? '');
  if (found.length === 0 || !derived.has(path)) return found;
  // What is derived has other lines than the file that somebody can mend.
  const original = sourceCredentials(path, textOf(workspace, encodeText(path)) ?? '');
  return original.length > 0 ? original : found;
}

/** The text of a file, or of the file of the build that a link with its name leads to. */
function textOf(tree: FileTree, path: ByteString): string | undefined {
  const entry = resolveEntry(tree, path, { root: 'none' });
  if (entry?.type !== 'file') return undefined;
  if (entry.size <= MAX_BYTES) return readFileBytes(tree, entry.path, MAX_BYTES).toString('utf8');
  throw new UserError({
    code: 'SOURCE_UNSUPPORTED',
    message: `${shownPath(path)} is larger than 64 MiB, too large to be searched for credentials`,
    hint: 'Name it in .gitignore or .dockerignore, or make it smaller.',
    at: { file: shownPath(path), line: 1, column: 1 },
  });
}

import { posix } from 'node:path';
import {
  directoriesAbove,
  encodeText,
  UserError,
  type ByteString,
  type FileTree,
} from '@nx-nixpack/base';
import { isFixedIgnored } from '../../source/context-rules.js';

/** Where a build ran, to find the files that its commands speak of. */
export interface BuildPlace {
  readonly workspace: FileTree;
  /** What entered the build, below /app. */
  readonly tree: FileTree;
  /** The source, relative to the workspace root. */
  readonly source: string;
  /** Whether /app is the workspace root; the source itself otherwise. */
  readonly isWorkspace: boolean;
}

const ABSENT =
  /ENOENT|no such file|cannot find|can't open|cannot open|could not (?:open|find|read)|not found/i;
const WORDS = /'([^']+)'|"([^"]+)"|`([^`]+)`|([^\s'"`]+)/g;
const MOST_NAMED = 3;

/**
 * The failure of a command that misses files of the workspace, with the line that brings them into the build: programs
 * read files by paths that no manifest tells. Any other error is returned as it is.
 */
export function nameLeftOutFiles(error: unknown, place: BuildPlace): unknown {
  if (!(error instanceof UserError) || error.code !== 'COMMAND_FAILED') return error;
  const files = leftOut(error.message, place).slice(0, MOST_NAMED);
  if (files.length === 0) return error;
  const lines = `include: [${files.map((path) => `'${path}'`).join(', ')}]`;
  const [what, are] = files.length === 1 ? [files[0], 'lies'] : [files.join(', '), 'lie'];
  const hint = `${what} ${are} in the workspace, but no manifest says that the build needs it: add ${lines} to the vars of the component.`;
  const { code, message } = error;
  return new UserError({ code, message, hint }, { cause: error });
}

function leftOut(output: string, place: BuildPlace): readonly string[] {
  const words = output
    .split('\n')
    .filter((line) => ABSENT.test(line))
    .flatMap((line) => [...line.matchAll(WORDS)].map((match) => match.slice(1).find(Boolean) ?? ''))
    .map((word) => word.replace(/[:,;.)]+$/, ''))
    .filter((word) => word.includes('/'));
  return [...new Set(words.flatMap((word) => workspaceFile(word, place) ?? []))];
}

/** The file of the workspace that a path of the build means, if it is there and no part of the build. */
function workspaceFile(path: string, place: BuildPlace): string | undefined {
  const { workspace, tree, source, isWorkspace } = place;
  const inBuild = (found: string): string => (isWorkspace ? found : posix.relative(source, found));
  return candidates(path, place)
    .filter((found) => !found.startsWith('..') && found !== '')
    .find((found) => {
      const bytes = encodeText(found);
      const isThere = workspace.entry(bytes)?.type === 'file' && !isIgnored(bytes);
      return isThere && tree.entry(encodeText(inBuild(found))) === undefined;
    });
}

function candidates(path: string, { source, isWorkspace }: BuildPlace): readonly string[] {
  if (!path.startsWith('/')) return [posix.join(source, path)];
  if (path.startsWith('/app/')) return [posix.join(isWorkspace ? '' : source, path.slice(5))];
  // Above /app, where a source that stands alone finds nothing of what is above it in the workspace.
  return isWorkspace
    ? []
    : [...directoriesAbove(source)].map((at) => posix.join(at, path.slice(1)));
}

const isIgnored = (path: ByteString): boolean =>
  isFixedIgnored(path) || [...directoriesAbove(path)].some((at) => at !== '' && isFixedIgnored(at));

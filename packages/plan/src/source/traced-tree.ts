import type { SourceTree } from './source-tree.js';

/** What was asked of a tree, and whether it was there. */
export interface Trace {
  readonly tree: SourceTree;
  found(): readonly string[];
  missed(): readonly string[];
}

/** A view of `source` that notes every question, so that an explanation can say which file decided. */
export function traced(source: SourceTree): Trace {
  const answers = new Map<string, boolean>();
  let lastRead: string | undefined;
  const note = (question: string, answer: boolean): boolean => {
    answers.set(question, answer);
    return answer;
  };
  const matches = (glob: string, found: readonly string[]): readonly string[] => {
    note(
      found[0] === undefined
        ? glob
        : found.length === 1
          ? found[0]
          : `${glob} (${found.length} files)`,
      found.length > 0,
    );
    return found;
  };
  const tree: SourceTree = {
    name: source.name,
    has: (path) => note(path, source.has(path)),
    isDirectory: (path) => note(`${path}/`, source.isDirectory(path)),
    isExecutable: (path) => source.isExecutable(path),
    read(path) {
      lastRead = path;
      return source.read(path);
    },
    files: (glob) => matches(glob, source.files(glob)),
    directories: (glob) => matches(`${glob}/`, source.directories(glob)),
    subtree: (path) => source.subtree(path),
    get children() {
      return source.children;
    },
  };
  const answered = (wanted: boolean) =>
    [...answers].filter(([, answer]) => answer === wanted).map(([question]) => question);
  return {
    tree,
    found: () => [...new Set([...answered(true), ...(lastRead === undefined ? [] : [lastRead])])],
    missed: () => answered(false),
  };
}

import type { Ecosystem } from './ecosystem.js';
import { VERSION_FILES } from './shared-files.js';
import { joinDirectories } from './workspace-path.js';

/** Recognized only: https://go.dev/ref/mod#workspaces */
export const go: Ecosystem = {
  name: 'Go',
  manifest: 'go.mod',
  decidedBy: ['go.work'],
  shared: VERSION_FILES,

  claim(tree, { at, source }) {
    const path = joinDirectories(at, 'go.work');
    const used = usedDirectories(tree.read(path) ?? '');
    return used.some((each) => joinDirectories(at, each) === source) ? path : undefined;
  },
};

/** The directories of `use` lines and blocks. */
function usedDirectories(text: string): readonly string[] {
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

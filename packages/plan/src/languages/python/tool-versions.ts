import { linesOf, trimmed, words } from '../../source/plain-text.js';
import type { SourceTree } from '../../source/source-tree.js';

const FILE = '.tool-versions';

/** What the last line of asdf's `.tool-versions` for one tool says; undefined when there is none. */
export function toolVersion(source: SourceTree, tool: string): string | undefined {
  const content = source.has(FILE) ? (source.read(FILE) ?? '') : '';
  const lines = linesOf(content).map(trimmed);
  const line = lines.findLast((each) => !each.startsWith('#') && words(each)[0] === tool);
  const version = line === undefined ? '' : trimmed(line.slice(tool.length));
  return version === '' ? undefined : version;
}

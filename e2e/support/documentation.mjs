import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../tools/root.mjs';

/** A block that can be saved as a file and built is marked so in the line above it, which no reader of the page sees. */
const YAML_BLOCK = /(^<!-- complete -->\n+)?^```yaml\n([^]*?)^```$/gm;

/** Every block of YAML in README.md, below docs and in the packages' READMEs. */
export function yamlBlocks() {
  return pages().flatMap((page) => blocksOf(page, readFileSync(join(root, page), 'utf8')));
}

/** @returns {{ place: string, text: string, complete: boolean }[]} place: file and line */
export function blocksOf(page, text) {
  return [...text.matchAll(YAML_BLOCK)].map(({ index, 1: mark, 2: block }) => ({
    place: `${page}:${text.slice(0, index).split('\n').length}`,
    text: block,
    complete: mark !== undefined,
  }));
}

/** Whether somebody who reads a block would take it for a whole file: it describes a deployment and what is built in it. */
export const claimsToBeComplete = ({ text }) =>
  /^deployment:\n/m.test(text) && /^ {4}nixpack:\n/m.test(text);

function pages() {
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`);
  const docs = readdirSync(join(root, 'docs'), { recursive: true }).map((name) => `docs/${name}`);
  const all = ['README.md', ...docs.filter((name) => name.endsWith('.md')), ...packages];
  return all.filter((page) => existsSync(join(root, page))).sort();
}

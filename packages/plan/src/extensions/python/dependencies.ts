import { readIfText } from '../../source/search.js';
import type { SourceTree } from '../../source/source-tree.js';

const MANIFESTS = [
  'requirements.txt',
  'pyproject.toml',
  'Pipfile',
  'setup.py',
  'setup.cfg',
] as const;
const LOCKS = ['poetry.lock', 'uv.lock', 'pdm.lock', 'Pipfile.lock'] as const;
/** `*` crosses directories: requirements/prod.txt, too. */
const FURTHER = 'requirements*.txt';

/** Whether the source's manifests or lock files name a distribution, in either spelling of its name. */
export function requires(source: SourceTree, distribution: string): boolean {
  const name = distribution.replace(/[-_.]+/g, '[-_.]+');
  const required = new RegExp(`(?:^|["'\\s])${name}(?=[\\s"'\\[(<>=!~;,@]|$)`, 'im');
  const locked = new RegExp(`^name = "${name}"|"${name}": \\{`, 'im');
  return (
    [...MANIFESTS, ...furtherFiles(source)].some((file) =>
      required.test(uncommented(source, file)),
    ) || LOCKS.some((file) => source.has(file) && locked.test(readIfText(source, file) ?? ''))
  );
}

/** The first of several distributions that is required. */
export const firstRequired = <T extends string>(
  source: SourceTree,
  distributions: readonly T[],
): T | undefined => distributions.find((name) => requires(source, name));

const furtherFiles = (source: SourceTree): readonly string[] =>
  source.files(FURTHER).filter((file) => !/dev|test|doc|lint/i.test(file));

function uncommented(source: SourceTree, file: string): string {
  const text = source.has(file) ? (readIfText(source, file) ?? '') : '';
  return text.replace(/^\s*#.*$/gm, '');
}

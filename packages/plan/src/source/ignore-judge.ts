import { bytes, byteStringOf, joinPath, parentOf, readFileBytes } from '@nx-nixpack/base';
import type { ByteString, FileTree } from '@nx-nixpack/base';

import { parseIgnore } from '../ignore/gitignore.js';
import type { IgnoreRules } from '../ignore/gitignore.js';
import { asNixpacksReads } from './nixpacks-ignore.js';
import { resolvePath } from './resolve-path.js';

/** The rules that lie in one directory, and in the directories above it. */
interface Level {
  readonly directory: ByteString;
  readonly parent: Level | undefined;
  readonly ignore: IgnoreRules | undefined;
  readonly gitignore: IgnoreRules | undefined;
  readonly exclude: IgnoreRules | undefined;
  /** Has a `.git` entry: `.gitignore` files above do not reach here. */
  readonly isRepository: boolean;
}

/**
 * Decides what a walk leaves out: `.ignore` files always count, `.gitignore` files and
 * `.git/info/exclude` only up to the nearest directory with a `.git` entry. Files are read once, when first needed.
 */
export class IgnoreJudge {
  readonly #tree: FileTree;
  readonly #levels = new Map<ByteString, Level>();

  constructor(tree: FileTree) {
    this.#tree = tree;
  }

  /** Whether the entry of this path is left out; its parents are not looked at. */
  isIgnored(path: ByteString, isDirectory: boolean): boolean {
    const level = this.#level(parentOf(path));
    const own = verdict(level, path, isDirectory, (each) => each.ignore);
    const git = own ?? gitVerdict(level, path, isDirectory);
    return git === 'ignored';
  }

  #level(directory: ByteString): Level {
    const known = this.#levels.get(directory);
    if (known !== undefined) return known;
    const isRepository = this.#tree.entry(joinPath(directory, bytes`.git`)) !== undefined;
    const level: Level = {
      directory,
      parent: directory === '' ? undefined : this.#level(parentOf(directory)),
      ignore: this.#rules(joinPath(directory, bytes`.ignore`)),
      gitignore: this.#rules(joinPath(directory, bytes`.gitignore`)),
      exclude: isRepository
        ? this.#rules(joinPath(directory, bytes`.git/info/exclude`))
        : undefined,
      isRepository,
    };
    this.#levels.set(directory, level);
    return level;
  }

  #rules(path: ByteString): IgnoreRules | undefined {
    const entry = resolvePath(this.#tree, bytes``, path);
    if (entry?.type !== 'file') return undefined;
    return parseIgnore(asNixpacksReads(byteStringOf(readFileBytes(this.#tree, entry.path))));
  }
}

type Verdict = 'ignored' | 'kept' | undefined;

/** The nearest directory whose rules say something decides. */
function verdict(
  level: Level | undefined,
  path: ByteString,
  isDirectory: boolean,
  rulesOf: (level: Level) => IgnoreRules | undefined,
): Verdict {
  for (let at = level; at !== undefined; at = at.parent) {
    const below = at.directory === '' ? path : path.slice(at.directory.length + 1);
    const found = rulesOf(at)?.match(below, isDirectory);
    if (found !== undefined) return found;
  }
  return undefined;
}

function gitVerdict(level: Level, path: ByteString, isDirectory: boolean): Verdict {
  let repository: Level | undefined = level;
  while (repository !== undefined && !repository.isRepository) repository = repository.parent;
  if (repository === undefined) return undefined;
  const inside = (at: Level): boolean => at.directory.length >= repository.directory.length;
  return (
    verdict(level, path, isDirectory, (at) => (inside(at) ? at.gitignore : undefined)) ??
    verdict(repository, path, isDirectory, (at) => (at === repository ? at.exclude : undefined))
  );
}

import {
  baseName,
  bytes,
  type ByteString,
  byteStringOf,
  decodeText,
  type FileTree,
  joinPath,
  parentOf,
  readFileBytes,
  shownPath,
  UserError,
} from '@nx-nixpack/base';
import {
  parseDockerignore,
  parseIgnore,
  type DockerignoreRules,
  type IgnoreRules,
} from '@nx-nixpack/plan';

/** Never part of a build, at any depth, unless `include` spells the name. */
const FIXED = new Set([
  '.git',
  '.hg',
  '.svn',
  'node_modules',
  '.nx',
  '.venv',
  '__pycache__',
  '.env',
]);
const FIXED_KEPT = new Set(['.env.example', '.env.sample']);
/** What our own tasks leave must not become their input. */
const OWN_OUTPUTS = 'dist/nixpack';
const MAX_RULES_BYTES = 1024 * 1024;

export function isFixedIgnored(path: ByteString): boolean {
  const name = baseName(path);
  if (FIXED.has(name) || path === OWN_OUTPUTS) return true;
  return name.startsWith('.env.') && !FIXED_KEPT.has(name);
}

export type Judgment = 'kept' | 'ignored' | 'ignored-but-enter';

/**
 * Decides what belongs to a build: the fixed list, all .gitignore files from the workspace root down, and the
 * .dockerignore of each member. Files are read when their directory is first asked about.
 */
export class ContextRules {
  readonly #tree: FileTree;
  readonly #gitignores = new Map<ByteString, IgnoreRules | undefined>();
  readonly #dockerignores = new Map<ByteString, DockerignoreRules>();

  /** `members` are the directories whose .dockerignore counts. */
  constructor(tree: FileTree, members: readonly ByteString[]) {
    this.#tree = tree;
    for (const member of members) {
      const path = joinPath(member, bytes`.dockerignore`);
      const text = this.#text(path);
      if (text === undefined) continue;
      this.#dockerignores.set(member, parseDockerignore(decodeText(text) ?? text, shownPath(path)));
    }
  }

  /** About one entry; its parents are not looked at. */
  judge(path: ByteString, isDirectory: boolean): Judgment {
    if (isFixedIgnored(path) || this.#gitIgnores(path, isDirectory)) return 'ignored';
    let judgment: Judgment = 'kept';
    for (const [member, rules] of this.#dockerignores) {
      const inside = member === '' || path.startsWith(`${member}/`);
      if (!inside || !rules.excludes(shownPath(below(member, path)))) continue;
      if (!isDirectory || !rules.hasExceptions) return 'ignored';
      judgment = 'ignored-but-enter';
    }
    return judgment;
  }

  /** About a file and all directories above it. */
  keeps(path: ByteString): boolean {
    for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1))
      if (this.judge(path.slice(0, end), true) === 'ignored') return false;
    return this.judge(path, false) === 'kept';
  }

  /** The nearest file that has an opinion decides. */
  #gitIgnores(path: ByteString, isDirectory: boolean): boolean {
    for (let at: ByteString | undefined = path; at !== '';) {
      at = parentOf(at);
      const verdict = this.#gitignore(at)?.match(below(at, path), isDirectory);
      if (verdict !== undefined) return verdict === 'ignored';
    }
    return false;
  }

  #gitignore(directory: ByteString): IgnoreRules | undefined {
    if (!this.#gitignores.has(directory)) {
      const text = this.#text(joinPath(directory, bytes`.gitignore`));
      this.#gitignores.set(directory, text === undefined ? undefined : parseIgnore(text));
    }
    return this.#gitignores.get(directory);
  }

  #text(path: ByteString): ByteString | undefined {
    const entry = this.#tree.entry(path);
    if (entry?.type !== 'file') return undefined;
    if (entry.size <= MAX_RULES_BYTES) return byteStringOf(readFileBytes(this.#tree, path));
    throw new UserError({
      code: 'SOURCE_UNSUPPORTED',
      message: `${shownPath(path)} is larger than 1 MiB`,
      hint: 'Shorten the list of patterns.',
    });
  }
}

const below = (directory: ByteString, path: ByteString): ByteString =>
  directory === '' ? path : path.slice(directory.length + 1);

import {
  baseName,
  bytes,
  byteStringOf,
  decodeText,
  encodeText,
  readFileBytes,
  UserError,
} from '@nx-nixpack/base';
import type { ByteString, Entry, FileTree } from '@nx-nixpack/base';

import type { SourceTree } from './source-tree.js';
import { compileGlob } from './glob.js';
import { IgnoreJudge } from './ignore-judge.js';
import { resolvePath } from './resolve-path.js';

export interface SourceTreeOptions {
  /** The source directory's name; zig names its binary after it. */
  readonly name: string;
  /** Where the source lies in the tree; ignore files above it are heeded. Default: the tree's root. */
  readonly root?: string;
}

/**
 * The view of a file tree that providers get. Nothing is listed before it is needed, and each directory once.
 * Names that are not UTF-8 are left out; links are followed inside the tree, never out of it.
 */
export function sourceTree(tree: FileTree, options: SourceTreeOptions): SourceTree {
  return new ListedTree(tree, encodeText(options.root ?? ''), options.name, new IgnoreJudge(tree));
}

interface Candidate {
  /** Relative to the source. */
  readonly path: ByteString;
  readonly text: string;
  readonly type: 'file' | 'directory';
}

/** No file that a provider looks into is larger; bytes. */
const MAX_READ = 32 * 1024 * 1024;
/** A pattern that begins with a slash replaces the source's path; the source then counts as if it lay here. */
const ABSOLUTE_ROOT = bytes`/app/`;

class ListedTree implements SourceTree {
  readonly name: string;
  readonly #tree: FileTree;
  readonly #root: ByteString;
  readonly #judge: IgnoreJudge;
  #candidates: readonly Candidate[] | undefined;
  readonly #matches = new Map<string, readonly Candidate[]>();
  readonly #texts = new Map<string, string | undefined>();

  constructor(tree: FileTree, root: ByteString, name: string, judge: IgnoreJudge) {
    this.#tree = tree;
    this.#root = root;
    this.name = name;
    this.#judge = judge;
  }

  get children(): readonly string[] {
    return [...this.#tree.list(this.#root)].flatMap(
      (entry) => decodeText(nameOf(entry.path)) ?? [],
    );
  }

  has(path: string): boolean {
    return this.#resolve(path)?.type === 'file';
  }

  isDirectory(path: string): boolean {
    return this.#resolve(path)?.type === 'directory';
  }

  isExecutable(path: string): boolean {
    const entry = this.#resolve(path);
    return entry?.type === 'file' && (entry.mode & 0o111) !== 0;
  }

  read(path: string): string | undefined {
    const kept = this.#texts.get(path);
    if (kept !== undefined || this.#texts.has(path)) return kept;
    const text = this.#readText(path);
    // Manifests are asked for many times; files further down (source code) are searched once.
    if (!path.includes('/')) this.#texts.set(path, text);
    return text;
  }

  files(glob: string): readonly string[] {
    return this.#find(glob, 'file');
  }

  directories(glob: string): readonly string[] {
    return this.#find(glob, 'directory');
  }

  subtree(path: string): SourceTree {
    const entry = this.#resolve(path);
    if (entry?.type !== 'directory') throw new Error(`no directory to look into: ${path}`);
    const name = decodeText(nameOf(encodeText(path))) ?? path;
    return new ListedTree(this.#tree, entry.path, name, this.#judge);
  }

  #resolve(path: string): Entry | undefined {
    return resolvePath(this.#tree, this.#root, encodeText(path));
  }

  #readText(path: string): string | undefined {
    const entry = this.#resolve(path);
    if (entry?.type !== 'file') return undefined;
    if (entry.size > MAX_READ) throw unreadable(path, 'is larger than 32 MiB', 'Shorten it');
    const text = decodeText(byteStringOf(readFileBytes(this.#tree, entry.path, MAX_READ)));
    if (text === undefined) throw unreadable(path, 'is not UTF-8', 'Save the file as UTF-8');
    return text.replaceAll('\r\n', '\n');
  }

  #find(glob: string, type: Candidate['type']): readonly string[] {
    let found = this.#matches.get(glob);
    if (found === undefined) this.#matches.set(glob, (found = this.#match(glob)));
    return found.filter((each) => each.type === type).map((each) => each.text);
  }

  #match(glob: string): readonly Candidate[] {
    const matches = compileGlob(encodeText(glob));
    if (matches === undefined) throw malformed(glob);
    this.#candidates ??= [...this.#walk()];
    const prefix = glob.startsWith('/') ? ABSOLUTE_ROOT : bytes``;
    return this.#candidates.filter((each) => matches(bytes`${prefix}${each.path}`));
  }

  /** Depth first, names in byte order, a directory before its contents; linked directories are not entered. */
  *#walk(): Generator<Candidate> {
    const pending = [this.#tree.list(this.#root)[Symbol.iterator]()];
    while (pending.length > 0) {
      const next = pending.at(-1)?.next();
      if (next === undefined || next.done === true) {
        pending.pop();
        continue;
      }
      const entry = next.value;
      const isDirectory = entry.type === 'directory';
      if (this.#judge.isIgnored(entry.path, isDirectory)) continue;
      const candidate = this.#candidate(entry);
      if (candidate !== undefined) yield candidate;
      if (isDirectory) pending.push(this.#tree.list(entry.path)[Symbol.iterator]());
    }
  }

  #candidate(entry: Entry): Candidate | undefined {
    const path = this.#root === '' ? entry.path : entry.path.slice(this.#root.length + 1);
    const text = decodeText(path);
    if (text === undefined) return undefined;
    const { type } = entry.type === 'symlink' ? (this.#linked(entry) ?? entry) : entry;
    if (type === 'directory') return { path, text, type };
    return type === 'file' || type === 'hardlink' ? { path, text, type: 'file' } : undefined;
  }

  #linked(entry: Entry): Entry | undefined {
    return resolvePath(this.#tree, bytes``, entry.path);
  }
}

const nameOf = (path: ByteString): ByteString => baseName(path);

const unreadable = (path: string, why: string, mend: string): UserError =>
  new UserError({
    code: 'SOURCE_UNSUPPORTED',
    message: `${path} cannot be read as text: it ${why}`,
    hint: `${mend}, or leave it out of the source with .dockerignore.`,
    at: { file: path, line: 1, column: 1 },
  });

const malformed = (glob: string): UserError =>
  new UserError({
    code: 'PLAN_INVALID',
    message: `The pattern "${glob}" is malformed`,
    hint: 'Close every bracket and brace of the pattern.',
    at: { file: glob, line: 1, column: 1 },
  });

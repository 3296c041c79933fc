import { bytesOf, compareBytes, encodeText, parentOf } from '@nx-nixpack/base';
import type { ByteString, Entry, FileTree } from '@nx-nixpack/base';

import { sourceTree } from './listed-tree.js';
import type { SourceTree } from './source-tree.js';

export interface MemoryTreeOptions {
  readonly name?: string;
  readonly executable?: readonly string[];
  /** Symbolic links: path to target. */
  readonly links?: Readonly<Record<string, string>>;
}

/** A source tree from texts by path, for specs and conformance cases; null is an empty file, a final slash a directory. */
export function memoryTree(
  files: Readonly<Record<string, string | null>>,
  options: MemoryTreeOptions = {},
): SourceTree {
  return sourceTree(memoryFiles(files, options), { name: options.name ?? 'app' });
}

/** The same as a file tree. Contents are UTF-8. */
export function memoryFiles(
  files: Readonly<Record<string, string | null>>,
  options: MemoryTreeOptions = {},
): FileTree {
  const tree = new MemoryFiles();
  const executable = new Set(options.executable);
  for (const [path, text] of Object.entries(files)) {
    if (path.endsWith('/')) tree.addDirectory(encodeText(path.slice(0, -1)));
    else
      tree.addFile(encodeText(path), encodeText(text ?? ''), executable.has(path) ? 0o755 : 0o644);
  }
  for (const [path, target] of Object.entries(options.links ?? {}))
    tree.addLink(encodeText(path), encodeText(target));
  return tree;
}

const OWNER = { uid: 0, gid: 0 } as const;

class MemoryFiles implements FileTree {
  readonly #entries = new Map<ByteString, Entry>();
  readonly #contents = new Map<ByteString, ByteString>();
  readonly #children = new Map<ByteString, ByteString[]>();

  addFile(path: ByteString, content: ByteString, mode: number): void {
    this.#add({ path, type: 'file', mode, size: content.length, ...OWNER });
    this.#contents.set(path, content);
  }

  addLink(path: ByteString, target: ByteString): void {
    this.#add({ path, type: 'symlink', mode: 0o777, size: 0, target, ...OWNER });
  }

  addDirectory(path: ByteString): void {
    if (path === '' || this.#entries.has(path)) return;
    this.#add({ path, type: 'directory', mode: 0o755, size: 0, ...OWNER });
  }

  list(directory: ByteString): readonly Entry[] {
    const children = this.#children.get(directory) ?? [];
    return [...children].sort(compareBytes).flatMap((path) => this.#entries.get(path) ?? []);
  }

  entry(path: ByteString): Entry | undefined {
    return this.#entries.get(path);
  }

  open(path: ByteString): Iterable<Uint8Array> {
    const content = this.#contents.get(path);
    if (content === undefined) throw new Error(`not a file: ${path}`);
    return [bytesOf(content)];
  }

  #add(entry: Entry): void {
    const parent = parentOf(entry.path);
    this.addDirectory(parent);
    if (!this.#entries.has(entry.path)) {
      const siblings = this.#children.get(parent) ?? [];
      siblings.push(entry.path);
      this.#children.set(parent, siblings);
    }
    this.#entries.set(entry.path, entry);
  }
}

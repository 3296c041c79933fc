import { bytes, type ByteString, compareBytes, encodeText } from './byte-string.js';
import type { Entry, FileTree } from './file-tree.js';
import { parentOf } from './path.js';

/** A file's text or bytes, a link, or a program. */
export type MemoryFile =
  string | Uint8Array | { readonly link: string } | { readonly executable: string | Uint8Array };

/**
 * A file tree of files by path, with the directories above them; a final slash makes an empty directory. For specs, cases
 * and tools. `order` decides how listings are sorted.
 */
export function memoryTree(
  files: Readonly<Record<string, MemoryFile>>,
  order: (a: ByteString, b: ByteString) => number = compareBytes,
): FileTree {
  const tree = new MemoryTree(order);
  for (const [name, file] of Object.entries(files)) {
    const path = encodeText(name.replace(/^\//, ''));
    if (path.endsWith('/')) tree.addDirectory(path.slice(0, -1));
    else if (typeof file === 'object' && 'link' in file) tree.addLink(path, encodeText(file.link));
    else if (typeof file === 'object' && 'executable' in file)
      tree.addFile(path, file.executable, 0o755);
    else tree.addFile(path, file, 0o644);
  }
  return tree;
}

const OWNER = { uid: 0, gid: 0 } as const;
const ROOT: Entry = { path: bytes``, type: 'directory', mode: 0o755, size: 0, ...OWNER };

class MemoryTree implements FileTree {
  readonly #order: (a: ByteString, b: ByteString) => number;
  readonly #entries = new Map<ByteString, Entry>([[ROOT.path, ROOT]]);
  readonly #contents = new Map<ByteString, Uint8Array>();
  readonly #children = new Map<ByteString, ByteString[]>();

  constructor(order: (a: ByteString, b: ByteString) => number) {
    this.#order = order;
  }

  addFile(path: ByteString, content: string | Uint8Array, mode: number): void {
    const bytes = Buffer.from(content);
    this.#add({ path, type: 'file', mode, size: bytes.byteLength, ...OWNER });
    this.#contents.set(path, bytes);
  }

  addLink(path: ByteString, target: ByteString): void {
    this.#add({ path, type: 'symlink', mode: 0o777, size: 0, target, ...OWNER });
  }

  addDirectory(path: ByteString): void {
    if (!this.#entries.has(path)) this.#add({ ...ROOT, path });
  }

  list(directory: ByteString): readonly Entry[] {
    const children = [...(this.#children.get(directory) ?? [])].sort(this.#order);
    return children.flatMap((path) => this.#entries.get(path) ?? []);
  }

  entry(path: ByteString): Entry | undefined {
    return this.#entries.get(path);
  }

  open(path: ByteString): Iterable<Uint8Array> {
    const content = this.#contents.get(path);
    if (content === undefined) throw new Error(`not a file: ${path}`);
    return [content];
  }

  #add(entry: Entry): void {
    const parent = parentOf(entry.path);
    this.addDirectory(parent);
    if (!this.#entries.has(entry.path))
      this.#children.set(parent, [...(this.#children.get(parent) ?? []), entry.path]);
    this.#entries.set(entry.path, entry);
  }
}

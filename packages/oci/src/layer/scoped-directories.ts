import { lstatSync, mkdirSync, readlinkSync, type Stats } from 'node:fs';
import { type ByteString, bytesOf, encodeText, joinPath } from '@nx-nixpack/base';

/** Links that may be followed for one name, as in the kernel. */
const MAX_LINKS = 40;

/** Directory part of a path of a tree; '' for a name in the root. */
export const directoryOf = (path: ByteString): ByteString =>
  path.slice(0, Math.max(0, path.lastIndexOf('/')));
export const nameIn = (path: ByteString): ByteString => path.slice(path.lastIndexOf('/') + 1);

/**
 * The directories below a root on the disk, looked up part by part: links are followed as inside the root (an absolute
 * one begins at the root, `..` stops there), so nothing outside can be named. Nobody else may write below the root meanwhile.
 */
export class ScopedDirectories {
  readonly #root: ByteString;
  readonly #known = new Map<ByteString, ByteString>([['', '']]);

  readonly #created: (real: ByteString) => void;

  /** `root`: absolute path of an existing directory. `created` is told which directories were absent. */
  constructor(root: string, created: (real: ByteString) => void = () => {}) {
    this.#root = encodeText(root);
    this.#created = created;
  }

  /** Path on the disk of a path that holds no link. */
  hostPath(real: ByteString): Buffer {
    return bytesOf(real === '' ? this.#root : `${this.#root}/${real}`);
  }

  /**
   * The link-free path of a directory; it and its parents are created when absent.
   * Throws a plain Error when a part of it is neither directory nor link.
   */
  resolve(path: ByteString): ByteString {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const real = this.#step(this.resolve(directoryOf(path)), nameIn(path), { links: 0 });
    this.#known.set(path, real);
    return real;
  }

  /** To be called after a directory or a link was removed. */
  forget(): void {
    this.#known.clear();
    this.#known.set('', '');
  }

  #step(parent: ByteString, name: ByteString, followed: { links: number }): ByteString {
    const path = joinPath(parent, name);
    const stats = this.#lstat(path);
    if (stats === undefined) this.#create(path);
    else if (stats.isSymbolicLink()) return this.#follow(parent, path, followed);
    else if (!stats.isDirectory()) throw new Error(`${path} is not a directory`);
    return path;
  }

  #create(path: ByteString): void {
    mkdirSync(this.hostPath(path), 0o755);
    this.#created(path);
  }

  #follow(parent: ByteString, link: ByteString, followed: { links: number }): ByteString {
    followed.links += 1;
    if (followed.links > MAX_LINKS) throw new Error(`${link} leads through too many links`);
    const target = readlinkSync(this.hostPath(link), { encoding: 'latin1' });
    let current = target.startsWith('/') ? '' : parent;
    for (const part of target.split('/')) {
      if (part === '' || part === '.') continue;
      current = part === '..' ? directoryOf(current) : this.#step(current, part, followed);
    }
    return current;
  }

  #lstat(path: ByteString): Stats | undefined {
    return lstatSync(this.hostPath(path), { throwIfNoEntry: false });
  }
}

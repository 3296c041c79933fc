import { bytes, type ByteString, byteStringOf } from '@nx-nixpack/base';
import type { ImageView } from '../image-view.js';

/** Which Debian package owns a file. Lists are read on the first question only. */
export class Owners {
  readonly #image: ImageView;
  readonly #lists: ReadonlyMap<ByteString, string>;
  #files: Map<ByteString, string> | undefined;
  #links: readonly (readonly [ByteString, ByteString])[] = [];

  /** `lists`: file list (`.list`, or `.md5sums` where there are no lists) → key of its package. */
  constructor(image: ImageView, lists: ReadonlyMap<ByteString, string>) {
    this.#image = image;
    this.#lists = lists;
  }

  owner(path: ByteString): string | undefined {
    this.#files ??= this.#read();
    const direct = this.#files.get(path);
    if (direct !== undefined) return direct;
    // Packages name /bin/sh where the image has /usr/bin/sh, because /bin became a link.
    for (const [link, target] of this.#links) {
      if (!path.startsWith(`${target}/`)) continue;
      const owner = this.#files.get(bytes`${link}${path.slice(target.length)}`);
      if (owner !== undefined) return owner;
    }
    return undefined;
  }

  #read(): Map<ByteString, string> {
    this.#links = [...this.#image.list(bytes``)].flatMap(({ path, type }) => {
      const target = type === 'symlink' ? this.#image.resolve(path) : undefined;
      return target === undefined ? [] : [[path, target] as const];
    });
    const files = new Map<ByteString, string>();
    for (const [list, key] of this.#lists)
      for (const file of this.#names(list)) files.set(file, key);
    return files;
  }

  #names(list: ByteString): ByteString[] {
    const lines = byteStringOf(this.#image.bytes(list)).split('\n');
    if (list.endsWith('.md5sums')) return lines.map((line) => line.slice(34));
    return lines.map((line) => line.slice(1));
  }
}

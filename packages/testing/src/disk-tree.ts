import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import {
  type ByteString,
  bytesOf,
  byteStringOf,
  compareBytes,
  type Entry,
  type FileTree,
  joinPath,
} from '@nx-nixpack/base';

/** A directory of this machine as the root of an image, for specs that compare with real tools. `only`: top paths to show. */
export function diskTree(root: string, only: readonly string[] = ['']): FileTree {
  const isShown = (path: ByteString): boolean =>
    only.some((top) => `${path}/`.startsWith(top) || top.startsWith(`${path}/`));
  const place = (path: ByteString): Buffer =>
    Buffer.concat([Buffer.from(`${root}/`), bytesOf(path)]);
  const entry = (path: ByteString): Entry | undefined => {
    const stat = lstatSync(place(path), { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    const type = stat.isDirectory()
      ? 'directory'
      : stat.isSymbolicLink()
        ? 'symlink'
        : stat.isFile()
          ? 'file'
          : 'fifo';
    const target =
      type === 'symlink'
        ? { target: byteStringOf(readlinkSync(place(path), { encoding: 'buffer' })) }
        : {};
    return {
      path,
      type,
      mode: stat.mode & 0o7777,
      uid: stat.uid,
      gid: stat.gid,
      size: type === 'file' ? stat.size : 0,
      ...target,
    };
  };
  return {
    entry,
    list: (directory) =>
      (entry(directory)?.type === 'directory'
        ? readdirSync(place(directory), { encoding: 'buffer' })
        : []
      )
        .map((name) => joinPath(directory, byteStringOf(name)))
        .filter(isShown)
        .sort(compareBytes)
        .flatMap((path) => entry(path) ?? []),
    open: (path) => chunks(place(path)),
  };
}

function* chunks(path: Buffer): Generator<Uint8Array> {
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(256 * 1024);
      const length = readSync(file, chunk);
      if (length === 0) return;
      yield chunk.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}

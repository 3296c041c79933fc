import {
  type ByteString,
  compareBytes,
  encodeText,
  type Entry,
  type FileTree,
} from '@nx-nixpack/base';

export type MemoryFile =
  string | Uint8Array | { readonly link: string } | { readonly executable: Uint8Array };

/** A file tree of an image for tests, from absolute paths. `order` decides how listings are sorted. */
export function memoryTree(
  files: Readonly<Record<string, MemoryFile>>,
  order: (a: string, b: string) => number = compareBytes,
): FileTree {
  const entries = new Map<ByteString, Entry>([['', entryOf('', 'directory')]]);
  const contents = new Map<ByteString, Uint8Array>();
  for (const [name, file] of Object.entries(files)) {
    const path = encodeText(name.replace(/^\//, ''));
    addDirectories(entries, path);
    if (typeof file === 'object' && 'link' in file) {
      entries.set(path, { ...entryOf(path, 'symlink'), target: encodeText(file.link) });
      continue;
    }
    const executable = typeof file === 'object' && 'executable' in file;
    const content =
      typeof file === 'string' ? Buffer.from(file) : 'executable' in file ? file.executable : file;
    contents.set(path, content);
    entries.set(path, {
      ...entryOf(path, 'file'),
      size: content.byteLength,
      mode: executable ? 0o755 : 0o644,
    });
  }
  return {
    list: (directory) => children(entries, directory).sort((a, b) => order(a.path, b.path)),
    entry: (path) => entries.get(path),
    open: (path) => [contents.get(path) ?? fail(path)],
  };
}

const entryOf = (path: ByteString, type: Entry['type']): Entry => ({
  path,
  type,
  mode: 0o755,
  uid: 0,
  gid: 0,
  size: 0,
});

function addDirectories(entries: Map<ByteString, Entry>, path: ByteString): void {
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    const directory = path.slice(0, slash);
    if (!entries.has(directory)) entries.set(directory, entryOf(directory, 'directory'));
  }
}

function children(entries: ReadonlyMap<ByteString, Entry>, directory: ByteString): Entry[] {
  const prefix = directory === '' ? '' : `${directory}/`;
  return [...entries.values()].filter(
    ({ path }) =>
      path !== '' &&
      path.startsWith(prefix) &&
      !path.slice(prefix.length).includes('/') &&
      path !== directory,
  );
}

function fail(path: ByteString): never {
  throw new Error(`no such file: ${path}`);
}

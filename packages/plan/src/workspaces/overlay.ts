import {
  compareBytes,
  encodeText,
  joinPath,
  readFileBytes,
  type ByteString,
  type Entry,
  type FileTree,
} from '@nx-nixpack/base';
import { isObject, type JsonObject } from './npm/manifest.js';
import type { Closure } from './model.js';
import { joinDirectories } from './workspace-path.js';

/** Files of the workspace's root that count for a member that has none of its own. Fixed, so that plans do not drift. */
const FALLBACKS = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
  'uv.lock',
  '.nvmrc',
  '.node-version',
  '.tool-versions',
  '.npmrc',
  '.yarnrc.yml',
] as const;

/**
 * What a provider sees of a source in a workspace: the source as root, with the root's lock file and version files in
 * place of those it lacks, and the root's `packageManager`. So its plan comes out as for a project of its own.
 */
export function overlay(files: FileTree, { source, root, ecosystem }: Closure): FileTree {
  const places = new Map<ByteString, ByteString>();
  const contents = new Map<ByteString, Buffer>();
  const own = encodeText(source);
  if (ecosystem !== 'none') {
    for (const name of FALLBACKS) {
      const place = encodeText(joinDirectories(root, name));
      const absent = files.entry(joinPath(own, name)) === undefined;
      if (absent && files.entry(place)?.type === 'file') places.set(name, place);
    }
    const manifest = withPackageManager(files, own, encodeText(root));
    if (manifest !== undefined) contents.set('package.json', manifest);
  }
  return new OverlaidTree(files, own, places, contents);
}

/** The source's package.json with the root's packageManager; undefined when nothing is to be added. */
function withPackageManager(
  files: FileTree,
  source: ByteString,
  root: ByteString,
): Buffer | undefined {
  const own = readJson(files, joinPath(source, 'package.json'));
  const packageManager = readJson(files, joinPath(root, 'package.json'))?.['packageManager'];
  if (own === undefined || packageManager === undefined) return undefined;
  if (own['packageManager'] !== undefined) return undefined;
  return Buffer.from(`${JSON.stringify({ ...own, packageManager }, null, 2)}\n`);
}

function readJson(files: FileTree, path: ByteString): JsonObject | undefined {
  if (files.entry(path)?.type !== 'file') return undefined;
  try {
    const value: unknown = JSON.parse(readFileBytes(files, path).toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch (error) {
    // What is no JSON is reported by whoever needs it.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

class OverlaidTree implements FileTree {
  readonly #files: FileTree;
  readonly #source: ByteString;
  /** Names at the root that are taken from elsewhere. */
  readonly #places: ReadonlyMap<ByteString, ByteString>;
  readonly #contents: ReadonlyMap<ByteString, Buffer>;

  constructor(
    files: FileTree,
    source: ByteString,
    places: ReadonlyMap<ByteString, ByteString>,
    contents: ReadonlyMap<ByteString, Buffer>,
  ) {
    this.#files = files;
    this.#source = source;
    this.#places = places;
    this.#contents = contents;
  }

  list(directory: ByteString): readonly Entry[] {
    const own = [...this.#files.list(this.#place(directory))].map((entry) =>
      this.#moved(entry, this.#relative(entry.path)),
    );
    if (directory !== '') return own;
    const added = [...this.#places.keys()].flatMap((name) => this.entry(name) ?? []);
    return [...own, ...added].sort((a, b) => compareBytes(a.path, b.path));
  }

  entry(path: ByteString): Entry | undefined {
    const entry = this.#files.entry(this.#place(path));
    return entry === undefined ? undefined : this.#moved(entry, path);
  }

  open(path: ByteString): Iterable<Uint8Array> {
    const content = this.#contents.get(path);
    return content === undefined ? this.#files.open(this.#place(path)) : [content];
  }

  #place(path: ByteString): ByteString {
    return this.#places.get(path) ?? (path === '' ? this.#source : joinPath(this.#source, path));
  }

  #relative(path: ByteString): ByteString {
    return this.#source === '' ? path : path.slice(this.#source.length + 1);
  }

  #moved(entry: Entry, path: ByteString): Entry {
    const size = this.#contents.get(path)?.byteLength ?? entry.size;
    return { ...entry, path, size };
  }
}

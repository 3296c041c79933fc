import {
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  futimesSync,
  lchownSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
} from 'node:fs';
import { bytes, bytesOf, type ByteString, byteStringOf } from '@nx-nixpack/base';
import { EntryFault } from '../tar/entry-fault.js';
import type { TarEntry } from '../tar/tar-format.js';
import { DirectoryHandles } from './directory-handles.js';
import { DiskDirectory, type Postponed } from './disk-directory.js';
import { removeFrom } from './disk-removal.js';
import type { Found, LayeredTree } from './layered-tree.js';
import { OpenFile, timeOf } from './open-file.js';
import { type Place, postponedIn } from './postponed.js';
import { ownText } from './tree-path.js';

/** The one extended attribute that is kept. */
export const CAPABILITY = 'security.capability';
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
/** What a file system may refuse because of a layer: a character or a length it does not know, one link too many. */
const CAUSED_BY_LAYER = ['ENAMETOOLONG', 'EILSEQ', 'EMLINK', 'EINVAL'];

/** The root of an unpacked image while one layer is put into it. Nobody else may write below it meanwhile. */
export class DiskTree implements LayeredTree<DiskDirectory> {
  readonly root = new DiskDirectory();
  readonly handles: DirectoryHandles;
  readonly #changed = new Set<DiskDirectory>();
  #file: OpenFile | undefined;

  /** `root`: an existing directory. */
  constructor(root: string) {
    this.handles = new DirectoryHandles(root);
  }

  parentOf = (directory: DiskDirectory): DiskDirectory | undefined => directory.parent;
  nameOf = (directory: DiskDirectory): ByteString => directory.name;
  lengthOf = (directory: DiskDirectory): number => directory.length;
  isMarked = (directory: DiskDirectory, name: ByteString): boolean => directory.hasMade(name);
  mark = (directory: DiskDirectory, name: ByteString): void => directory.mark(ownText(name));

  /** What is still to be made, each with its places. */
  get postponed(): ReadonlyMap<Postponed, readonly Place[]> {
    return postponedIn(this.#left());
  }

  find(directory: DiskDirectory, name: ByteString): Found<DiskDirectory> | undefined {
    const known = directory.known(name);
    if (known !== undefined) return known;
    // Of what this layer has made, all directories and links are known.
    if (directory.hasMade(name)) return { kind: 'other' };
    const path = this.handles.at(directory, name);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    if (!stats.isDirectory() && !stats.isSymbolicLink()) return { kind: 'other' };
    const found: Found<DiskDirectory> = stats.isDirectory()
      ? { kind: 'directory', directory: new DiskDirectory(directory, name) }
      : { kind: 'symlink', target: byteStringOf(readlinkSync(path, { encoding: 'buffer' })) };
    directory.learn(name, found);
    return found;
  }

  namesIn(directory: DiskDirectory): ByteString[] {
    return readdirSync(this.handles.self(directory), { encoding: 'latin1' }) as ByteString[];
  }

  linksOf(directory: DiskDirectory, name: ByteString): number {
    return lstatSync(this.handles.at(directory, name)).nlink;
  }

  imply(directory: DiskDirectory, name: ByteString): DiskDirectory {
    this.#change(directory);
    const made = this.#makeDirectory(directory, name);
    const file = this.handles.of(made);
    // A set-gid directory gives its group on; only root can take another one.
    if (process.geteuid?.() === 0) fchownSync(file, 0, 0);
    fchmodSync(file, 0o755);
    this.#date(made, 0);
    return made;
  }

  dressRoot(entry: TarEntry): void {
    this.#dress(this.root, entry);
  }

  put(directory: DiskDirectory, name: ByteString, entry: TarEntry): void {
    this.#change(directory);
    if (entry.type === 'directory') this.#putDirectory(directory, name, entry);
    else if (entry.type === 'symlink') this.#putSymlink(directory, name, entry);
    else this.#putFile(directory, name, entry);
  }

  /** A piece of the content of the file that was put last. */
  content(piece: Buffer): void {
    // Whiteouts are empty, but some have content nevertheless.
    this.#file?.write(piece);
    this.#sealFile();
  }

  link(
    directory: DiskDirectory,
    name: ByteString,
    source: DiskDirectory,
    sourceName: ByteString,
  ): void {
    this.#change(directory);
    const known = source.known(sourceName);
    const postponed = source.postponed.get(sourceName);
    this.#anew(directory, name, (path) => linkSync(this.handles.at(source, sourceName), path));
    if (known !== undefined) directory.learn(name, known);
    if (postponed !== undefined) directory.postpone(name, postponed);
  }

  remove(directory: DiskDirectory, name: ByteString): void {
    this.#change(directory);
    removeFrom(this, directory, name);
  }

  /** Sets the times of directories, which change whenever something is made in them. */
  finish(): void {
    for (const directory of this.#left()) {
      const time = timeOf(directory.time ?? 0);
      futimesSync(this.handles.of(directory), time, time);
    }
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
    this.handles.close();
  }

  /** Directories in which something has changed, without those that are gone. */
  *#left(): Generator<DiskDirectory> {
    for (const directory of this.#changed) if (!directory.isGone) yield directory;
  }

  #putFile(directory: DiskDirectory, name: ByteString, entry: TarEntry): void {
    const file = this.#anew(directory, name, (path) => openSync(path, NEW_FILE, 0o600));
    this.#file = new OpenFile(file, { ...entry, mode: entry.type === 'file' ? entry.mode : 0 });
    this.#sealFile();
    if (entry.type !== 'file' || entry.xattrs?.has(CAPABILITY) === true)
      directory.postpone(name, { entry });
  }

  #sealFile(): void {
    if (this.#file?.isComplete !== true) return;
    const file = this.#file;
    this.#file = undefined;
    file.seal();
  }

  #putDirectory(directory: DiskDirectory, name: ByteString, entry: TarEntry): void {
    const found = this.find(directory, name);
    if (found?.kind === 'directory') return this.#dress(found.directory, entry);
    if (found !== undefined) removeFrom(this, directory, name);
    this.#dress(this.#makeDirectory(directory, name), entry);
  }

  #makeDirectory(directory: DiskDirectory, name: ByteString): DiskDirectory {
    refusing(() => mkdirSync(this.handles.at(directory, name), 0o700));
    const made = new DiskDirectory(directory, name);
    directory.learn(name, { kind: 'directory', directory: made });
    return made;
  }

  #dress(directory: DiskDirectory, { uid, gid, mode, mtime }: TarEntry): void {
    const file = this.handles.of(directory);
    fchownSync(file, uid, gid);
    fchmodSync(file, mode);
    this.#date(directory, mtime);
  }

  #putSymlink(directory: DiskDirectory, name: ByteString, entry: TarEntry): void {
    const target = bytesOf(entry.target ?? bytes``);
    this.#anew(directory, name, (path) => symlinkSync(target, path));
    directory.learn(name, { kind: 'symlink', target: entry.target ?? bytes`` });
    const path = this.handles.at(directory, name);
    lchownSync(path, entry.uid, entry.gid);
    lutimesSync(path, timeOf(entry.mtime), timeOf(entry.mtime));
  }

  /** Makes something that is not a directory; what was there is gone. */
  #anew<T>(directory: DiskDirectory, name: ByteString, make: (path: Buffer) => T): T {
    try {
      return refusing(() => make(this.handles.at(directory, name)));
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      this.remove(directory, name);
      return refusing(() => make(this.handles.at(directory, name)));
    }
  }

  /** A directory that the layer does not give again keeps the time it has, though something in it changes. */
  #change(directory: DiskDirectory): void {
    if (directory.time === undefined)
      this.#date(directory, fstatSync(this.handles.of(directory)).mtimeMs / 1000);
  }

  #date(directory: DiskDirectory, time: number): void {
    directory.time = time;
    this.#changed.add(directory);
  }
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (!CAUSED_BY_LAYER.includes(code)) throw error;
    throw new EntryFault(`the file system refuses it: ${code}`);
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

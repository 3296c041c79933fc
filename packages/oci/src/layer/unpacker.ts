import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  futimesSync,
  lchownSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { type ByteString, bytesOf, joinPath } from '@nx-nixpack/base';
import { explained } from '../base-invalid.js';
import type { TarEntry } from '../tar/tar-format.js';
import type { TarReceiver } from '../tar/tar-reader.js';
import { directoryOf, nameIn, ScopedDirectories } from './scoped-directories.js';
import { type Whiteout, whiteoutOf } from './whiteout.js';

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
/** The kernel's PATH_MAX. */
const MAX_PATH = 4096;
/** Failures that the layer causes, not the machine. */
const CAUSED_BY_LAYER = ['ENAMETOOLONG', 'ELOOP', 'ENOTDIR', 'EISDIR', 'EINVAL'];

interface OpenFile {
  readonly file: number;
  readonly entry: TarEntry;
  left: number;
}

/** Writes the entries of one layer below a directory. Paths called `real` hold no link in any of their parents. */
export class Unpacker implements TarReceiver {
  readonly #directories: ScopedDirectories;
  readonly #layer: string;
  /** What this layer has made: its whiteouts concern the layers below only. */
  readonly #made = new Set<ByteString>();
  readonly #times = new Map<ByteString, number>();
  #open: OpenFile | undefined;
  readonly #special = new Map<ByteString, TarEntry>();
  readonly #capabilities = new Map<ByteString, Uint8Array>();

  constructor(directory: string, layer: string) {
    this.#directories = new ScopedDirectories(directory, (real) => this.#imply(real));
    this.#layer = layer;
  }

  /** Devices and FIFOs that are still to be made, with their paths on the disk. */
  *special(): Generator<[Buffer, TarEntry]> {
    for (const [real, entry] of this.#special)
      if (this.#isReal(real)) yield [this.#hostPath(real), entry];
  }

  /** Capabilities that are still to be set, with the paths of their files on the disk. */
  *capabilities(): Generator<[Buffer, Uint8Array]> {
    for (const [real, value] of this.#capabilities) yield [this.#hostPath(real), value];
  }

  entry(entry: TarEntry): void {
    try {
      this.#place(entry);
    } catch (error) {
      throw explained(error, this.#layer, entry.path, CAUSED_BY_LAYER);
    }
  }

  content(piece: Buffer): void {
    const open = this.#open;
    // Whiteouts are empty, but some have content nevertheless.
    if (open === undefined) return;
    for (let offset = 0; offset < piece.byteLength;)
      offset += writeSync(open.file, piece, offset, piece.byteLength - offset);
    open.left -= piece.byteLength;
    if (open.left === 0) this.#seal();
  }

  /** Sets the times of directories, which change whenever something is made in them. */
  finish(): void {
    for (const [real, mtime] of this.#times) lutimesSync(this.#hostPath(real), mtime, mtime);
  }

  close(): void {
    if (this.#open !== undefined) closeSync(this.#open.file);
    this.#open = undefined;
  }

  #place(entry: TarEntry): void {
    if (Math.max(entry.path.length, entry.target?.length ?? 0) >= MAX_PATH)
      throw new Error('the path or its target is too long');
    if (entry.path === '') return this.#adorn('', entry);
    const parent = this.#directories.resolve(directoryOf(entry.path));
    this.#keepTime(parent);
    const name = nameIn(entry.path);
    const whiteout = whiteoutOf(name);
    if (whiteout !== undefined) return this.#apply(parent, whiteout);
    const real = joinPath(parent, name);
    this.#make(real, entry);
    this.#mark(real);
    const capability = entry.xattrs?.get('security.capability');
    if (capability !== undefined && entry.type === 'file') this.#capabilities.set(real, capability);
  }

  /** A parent that no entry stands for belongs to this layer all the same, and has no time. */
  #imply(real: ByteString): void {
    this.#times.set(real, 0);
    this.#mark(real);
  }

  /** A directory that the layer does not give again keeps the time it has, though something in it changes. */
  #keepTime(real: ByteString): void {
    if (!this.#times.has(real))
      this.#times.set(real, lstatSync(this.#hostPath(real)).mtimeMs / 1000);
  }

  #make(real: ByteString, entry: TarEntry): void {
    this.#dropPending(real);
    switch (entry.type) {
      case 'file':
        return this.#makeFile(real, entry);
      case 'directory':
        return this.#makeDirectory(real, entry);
      case 'symlink':
        return this.#makeSymlink(real, entry);
      case 'hardlink':
        return this.#makeHardlink(real, entry);
      default:
        return this.#makeSpecial(real, entry);
    }
  }

  #makeFile(real: ByteString, entry: TarEntry): void {
    const path = this.#hostPath(real);
    const file = this.#anew(real, () => openSync(path, NEW_FILE, 0o600));
    this.#open = { file, entry, left: entry.size };
    if (entry.size === 0) this.#seal();
  }

  #seal(): void {
    const { file, entry } = this.#open as OpenFile;
    fchownSync(file, entry.uid, entry.gid);
    fchmodSync(file, entry.mode);
    futimesSync(file, entry.mtime, entry.mtime);
    this.close();
  }

  #makeDirectory(real: ByteString, entry: TarEntry): void {
    const path = this.#hostPath(real);
    this.#ensureDirectory(real, path);
    this.#adorn(real, entry);
  }

  #ensureDirectory(real: ByteString, path: Buffer): void {
    try {
      mkdirSync(path, 0o700);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      if (lstatSync(path).isDirectory()) return;
      this.#discard(real);
      mkdirSync(path, 0o700);
    }
  }

  #adorn(real: ByteString, entry: TarEntry): void {
    const path = this.#hostPath(real);
    lchownSync(path, entry.uid, entry.gid);
    chmodSync(path, entry.mode);
    this.#times.set(real, entry.mtime);
  }

  #makeSymlink(real: ByteString, entry: TarEntry): void {
    const path = this.#hostPath(real);
    const target = bytesOf(entry.target ?? '');
    this.#anew(real, () => symlinkSync(target, path));
    lchownSync(path, entry.uid, entry.gid);
    lutimesSync(path, entry.mtime, entry.mtime);
  }

  #makeHardlink(real: ByteString, { target = '' }: TarEntry): void {
    const existing = joinPath(this.#directories.resolve(directoryOf(target)), nameIn(target));
    if (existing === real) throw new Error('the hard link names itself');
    try {
      this.#anew(real, () => linkSync(this.#hostPath(existing), this.#hostPath(real)));
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EPERM') throw error;
      throw new Error(`the hard link names ${JSON.stringify(target)}, which is no file`);
    }
  }

  #makeSpecial(real: ByteString, entry: TarEntry): void {
    const [major, minor] = entry.device ?? [0, 0];
    // Overlay file systems take such a device for a whiteout.
    if (entry.type === 'character-device' && major === 0 && minor === 0)
      throw new Error('the character device 0:0 stands for a deletion');
    this.#discard(real);
    this.#special.set(real, entry);
  }

  /** Makes something where nothing should be, and makes room for it when something is. */
  #anew<T>(real: ByteString, make: () => T): T {
    try {
      return make();
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      this.#discard(real);
      return make();
    }
  }

  #mark(real: ByteString): void {
    for (let path = real; !this.#made.has(path); path = directoryOf(path)) this.#made.add(path);
  }

  #apply(parent: ByteString, whiteout: Whiteout): void {
    if (whiteout.kind === 'name') this.#removeLower(joinPath(parent, whiteout.name));
    if (whiteout.kind === 'contents')
      for (const name of this.#names(parent)) this.#removeLower(joinPath(parent, name));
  }

  /** Removes what the layers below have made, and says whether nothing is left. */
  #removeLower(real: ByteString): boolean {
    const stats = lstatSync(this.#hostPath(real), { throwIfNoEntry: false });
    if (stats === undefined) return true;
    const ours = this.#made.has(real);
    if (!stats.isDirectory()) return !ours && this.#removeOne(real, stats.isSymbolicLink());
    const left = this.#names(real).filter((name) => !this.#removeLower(joinPath(real, name)));
    return !ours && left.length === 0 && this.#removeDirectory(real);
  }

  /** Removes whatever is at a path, so that the layer can put something else there. */
  #discard(real: ByteString): void {
    const stats = lstatSync(this.#hostPath(real), { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (!stats.isDirectory()) return void this.#removeOne(real, stats.isSymbolicLink());
    for (const name of this.#names(real)) this.#discard(joinPath(real, name));
    this.#removeDirectory(real);
  }

  #removeOne(real: ByteString, isLink: boolean): true {
    this.#dropPending(real);
    unlinkSync(this.#hostPath(real));
    if (isLink) this.#directories.forget();
    return true;
  }

  #removeDirectory(real: ByteString): true {
    this.#dropPending(real);
    this.#directories.forget();
    rmdirSync(this.#hostPath(real));
    return true;
  }

  #dropPending(real: ByteString): void {
    this.#times.delete(real);
    this.#special.delete(real);
    this.#capabilities.delete(real);
  }

  #names(real: ByteString): ByteString[] {
    return readdirSync(this.#hostPath(real), { encoding: 'latin1' });
  }

  /** Whether no part of a path has become a link since it was looked up. */
  #isReal(real: ByteString): boolean {
    return this.#directories.resolve(directoryOf(real)) === directoryOf(real);
  }

  #hostPath(real: ByteString): Buffer {
    return this.#directories.hostPath(real);
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

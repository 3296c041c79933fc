import { baseName, bytes, encodeText, joinPath, parentOf, type ByteString } from '@nx-nixpack/base';
import { EntryFault, type TarEntry, type TarReceiver } from '@nx-nixpack/oci';
import type { Step } from '../recipe/recipe.js';

type UnpackStep = Extract<Step, { kind: 'unpack' }>;
export type Choice = Pick<
  UnpackStep,
  'from' | 'to' | 'except' | 'executable' | 'rename' | 'format' | 'links'
>;

const PERMITTED: ReadonlySet<TarEntry['type']> = new Set([
  'file',
  'directory',
  'symlink',
  'hardlink',
]);
const ANYWHERE = '**/';

/**
 * Hands on the entries of an archive that a step wants, where and how it wants them. `seconds`: the time of everything.
 * Throws EntryFault for devices, names that mean a deletion in an image, and links that leave the archive.
 */
export function chosenEntries(step: Choice, seconds: number, receiver: TarReceiver): TarReceiver {
  const choice = new Chosen(step, seconds);
  let wanted = false;
  return {
    entry: (entry, offset) => {
      const chosen = choice.of(entry);
      wanted = chosen !== undefined;
      if (chosen) receiver.entry(chosen, offset);
    },
    content: (piece) => {
      if (wanted) receiver.content(piece);
    },
  };
}

/** The links that a step makes before it unpacks. */
export const linkEntries = ({ links = {} }: Choice, seconds: number): TarEntry[] =>
  Object.entries(links).map(([path, target]) => ({
    path: relative(path),
    type: 'symlink',
    target: encodeText(target),
    ...{ mode: 0o777, uid: 0, gid: 0, size: 0, mtime: seconds },
  }));

/** Of `from`. */
const ANY_DIRECTORY = '*';

class Chosen {
  readonly #step: Choice;
  readonly #from: ByteString;
  readonly #to: ByteString;
  readonly #seconds: number;
  readonly #links: ReadonlySet<ByteString>;

  constructor(step: Choice, seconds: number) {
    this.#step = step;
    this.#from = relative(step.from ?? '');
    this.#to = relative(step.to);
    this.#seconds = seconds;
    this.#links = new Set(Object.keys(step.links ?? {}).map(relative));
  }

  of(entry: TarEntry): TarEntry | undefined {
    refuse(entry);
    const inner = this.#inner(entry.path);
    if (inner === undefined || inner === '' || this.#isUnwanted(inner)) return undefined;
    const path = this.#place(inner);
    // A package has /bin as a directory where the system has it as a link.
    if (entry.type === 'directory' && this.#links.has(path)) return undefined;
    const { xattrs: _xattrs, ...plain } = entry;
    return {
      ...plain,
      path,
      ...this.#dress(entry, inner),
      ...this.#target(entry, inner),
      mtime: this.#seconds,
    };
  }

  /** The path below `from`. */
  #inner(path: ByteString): ByteString | undefined {
    if (this.#from === ANY_DIRECTORY) return path.split('/').slice(1).join('/') as ByteString;
    if (this.#from === '' || path === this.#from) return this.#from === '' ? path : bytes``;
    const prefix = `${this.#from}/`;
    return path.startsWith(prefix) ? (path.slice(prefix.length) as ByteString) : undefined;
  }

  #place(inner: ByteString): ByteString {
    const name = this.#step.rename?.[baseName(inner)];
    const renamed = name === undefined ? inner : joinPath(parentOf(inner), encodeText(name));
    return joinPath(this.#to, renamed);
  }

  #isUnwanted(inner: ByteString): boolean {
    return (this.#step.except ?? []).some((one) =>
      one.startsWith(ANYWHERE)
        ? inner.split('/').includes(encodeText(one.slice(ANYWHERE.length)))
        : isWithin(inner, one),
    );
  }

  #dress({ type, mode, uid, gid }: TarEntry, inner: ByteString) {
    if (this.#step.format === 'deb') return { mode, uid, gid };
    if (type === 'symlink') return { mode: 0o777, uid: 0, gid: 0 };
    const named = (this.#step.executable ?? []).some((one) => isWithin(inner, one));
    const executable = type === 'directory' || named || (mode & 0o100) !== 0;
    return { mode: executable ? 0o755 : 0o644, uid: 0, gid: 0 };
  }

  #target({ type, target = bytes`` }: TarEntry, inner: ByteString): { target?: ByteString } {
    if (type === 'hardlink') {
      const other = this.#inner(target);
      if (other === undefined || other === '' || this.#isUnwanted(other))
        throw new EntryFault('the hard link names what is not unpacked');
      return { target: this.#place(other) };
    }
    if (type === 'symlink' && this.#step.format !== 'deb' && leaves(parentOf(inner), target))
      throw new EntryFault('the link leads out of the archive');
    return {};
  }
}

function refuse({ type, path }: TarEntry): void {
  if (!PERMITTED.has(type)) throw new EntryFault(`it is a ${type}`);
  if (path.split('/').some((name) => name.startsWith('.wh.')))
    throw new EntryFault('the name means a deletion in an image');
}

/** Whether a link in a directory, both relative, leads above where the paths begin. */
function leaves(directory: ByteString, target: ByteString): boolean {
  if (target.startsWith('/')) return true;
  let depth = directory === '' ? 0 : directory.split('/').length;
  for (const part of target.split('/')) {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

const isWithin = (path: ByteString, one: string): boolean => {
  const wanted = encodeText(one);
  return path === wanted || path.startsWith(`${wanted}/`);
};

const relative = (path: string): ByteString => encodeText(path.replace(/^\/+|\/+$/g, ''));

import { constants } from 'node:fs';
import { encodeText, type ByteString, type Entry, type Runner } from '@nx-nixpack/base';
import type { PackEntry } from '@nx-nixpack/oci';
import type { Ownership } from '../../../recipe/recipe.js';
import { readCapabilities, type Capabilities } from '../trees/capabilities.js';
import { changesOf, isAtOrBelow, type Change, type DiffInput } from './diff.js';
import { below, contentOf, linkTarget, permissions, type DiskPath } from '../trees/disk.js';
import { isExecutable, type FileFacts } from '../trees/file-facts.js';

type Present = Exclude<Change, { kind: 'removed' }>;

/** The entries of a layer. There may be hundreds of thousands: each is made when it is asked for, and once. */
export interface LayerEntries extends Iterable<PackEntry> {
  readonly count: number;
}

/** The entries of a layer, in walk order. `forced`: paths of the base that get the run user's ids by being written again. */
export async function layerEntries(
  ports: { runner: Runner; scratch: string },
  input: Omit<DiffInput, 'owned'>,
  ownership: Ownership,
): Promise<LayerEntries> {
  const roots = ownership.paths.map((path) => encodeText(path.replace(/^\/+/, '')));
  const owned = (path: ByteString): boolean => roots.some((root) => isAtOrBelow(path, root));
  const all = [...changesOf({ ...input, owned })];
  const capabilities = await readCapabilities(ports, input.merged, executables(all));
  const before = await readCapabilities(ports, input.lower, suspects(all));
  const changes = all.filter(
    (change) => change.kind !== 'suspect' || differs(change.path, before, capabilities),
  );
  const maker = new EntryMaker(input, capabilities, (path) =>
    owned(path) ? ownership : undefined,
  );
  return {
    count: changes.length,
    *[Symbol.iterator]() {
      for (const change of changes) yield maker.entry(change);
    },
  };
}

const executables = (changes: readonly Change[]): ByteString[] =>
  changes.flatMap((change) =>
    change.kind !== 'removed' && isExecutable(change.facts) ? [change.path] : [],
  );
const suspects = (changes: readonly Change[]): ByteString[] =>
  changes.flatMap(({ kind, path }) => (kind === 'suspect' ? [path] : []));

function differs(path: ByteString, before: Capabilities, after: Capabilities): boolean {
  const text = (value: Uint8Array | undefined): string =>
    Buffer.from(value ?? []).toString('latin1');
  return text(before.get(path)) !== text(after.get(path));
}

class EntryMaker {
  readonly #input: Omit<DiffInput, 'owned'>;
  readonly #capabilities: Capabilities;
  readonly #owner: (path: ByteString) => Ownership | undefined;
  /** Paths of files that have several names, by inode. */
  readonly #first = new Map<number, ByteString>();

  constructor(
    input: Omit<DiffInput, 'owned'>,
    capabilities: Capabilities,
    owner: (path: ByteString) => Ownership | undefined,
  ) {
    this.#input = input;
    this.#capabilities = capabilities;
    this.#owner = owner;
  }

  entry(change: Change): PackEntry {
    if (change.kind === 'removed')
      return { path: change.path, type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0 };
    const { path, facts } = change;
    const { uid, gid } = this.#owner(path) ?? facts;
    const common = { path, mode: permissions(facts), uid, gid, size: 0 };
    return { ...common, ...this.#special(change) };
  }

  #special({ path, facts }: Present): Pick<Entry, 'type'> & Partial<PackEntry> {
    const place = below(this.#input.merged, path);
    switch (facts.mode & constants.S_IFMT) {
      case constants.S_IFDIR:
        return { type: 'directory' };
      case constants.S_IFLNK:
        return { type: 'symlink', mode: 0o777, target: linkTarget(place) };
      case constants.S_IFREG:
        return this.#file(path, place, facts);
      default:
        return specialEntry(facts);
    }
  }

  #file(path: ByteString, place: DiskPath, { nlink, ino, size }: FileFacts) {
    const first = nlink > 1 ? this.#first.get(ino) : undefined;
    if (first !== undefined) return { type: 'hardlink', target: first } as const;
    if (nlink > 1) this.#first.set(ino, path);
    const capability = this.#capabilities.get(path);
    return {
      type: 'file',
      size,
      open: () => contentOf(place),
      ...(capability ? { xattrs: new Map([['security.capability', capability]]) } : {}),
    } as const;
  }
}

/** The kernel's encoding of device numbers (makedev(3)). */
function specialEntry({ mode, rdev }: FileFacts): Pick<Entry, 'type' | 'device'> {
  const type = mode & constants.S_IFMT;
  if (type === constants.S_IFIFO) return { type: 'fifo' };
  const high = Math.floor(rdev / 2 ** 32);
  const major = ((rdev >>> 8) & 0xfff) + (high & 0xfffff000);
  const minor = (rdev & 0xff) + ((rdev >>> 12) & 0xfff00);
  return {
    type: type === constants.S_IFBLK ? 'block-device' : 'character-device',
    device: [major, minor],
  };
}

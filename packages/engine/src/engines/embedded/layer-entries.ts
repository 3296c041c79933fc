import type { Stats } from 'node:fs';
import { encodeText, type ByteString, type Entry, type Runner } from '@nx-nixpack/base';
import type { PackEntry } from '@nx-nixpack/oci';
import type { Ownership } from '../../recipe.js';
import { readCapabilities, type Capabilities } from './capabilities.js';
import { changesOf, isAtOrBelow, type Change, type DiffInput } from './diff.js';
import { below, contentOf, linkTarget, permissions } from './disk.js';

type Present = Exclude<Change, { kind: 'removed' }>;

/** The entries of a layer, in walk order. `forced`: paths of the base that get the run user's ids by being written again. */
export async function layerEntries(
  ports: { runner: Runner; scratch: string },
  input: Omit<DiffInput, 'owned'>,
  ownership: Ownership,
): Promise<PackEntry[]> {
  const roots = ownership.paths.map((path) => encodeText(path.replace(/^\/+/, '')));
  const owned = (path: ByteString): boolean => roots.some((root) => isAtOrBelow(path, root));
  const changes = [...changesOf({ ...input, owned })];
  const capabilities = await readCapabilities(ports, input.merged, executables(changes));
  const before = await readCapabilities(ports, input.lower, suspects(changes));
  const maker = new EntryMaker(input, capabilities, (path) =>
    owned(path) ? ownership : undefined,
  );
  return changes
    .filter((change) => change.kind !== 'suspect' || differs(change.path, before, capabilities))
    .map((change) => maker.entry(change));
}

const executables = (changes: readonly Change[]): ByteString[] =>
  changes.flatMap((change) =>
    change.kind !== 'removed' && change.stats.isFile() && (change.stats.mode & 0o111) !== 0
      ? [change.path]
      : [],
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
    const { path, stats } = change;
    const { uid, gid } = this.#owner(path) ?? stats;
    const common = { path, mode: permissions(stats), uid, gid, size: 0 };
    return { ...common, ...this.#special(change) };
  }

  #special({ path, stats }: Present): Pick<Entry, 'type'> & Partial<PackEntry> {
    const place = below(this.#input.merged, path);
    if (stats.isDirectory()) return { type: 'directory' };
    if (stats.isSymbolicLink()) return { type: 'symlink', mode: 0o777, target: linkTarget(place) };
    if (stats.isFIFO()) return { type: 'fifo' };
    if (!stats.isFile()) return deviceEntry(stats);
    const first = stats.nlink > 1 ? this.#first.get(stats.ino) : undefined;
    if (first !== undefined) return { type: 'hardlink', target: first };
    if (stats.nlink > 1) this.#first.set(stats.ino, path);
    const capability = this.#capabilities.get(path);
    return {
      type: 'file',
      size: stats.size,
      open: () => contentOf(place),
      ...(capability ? { xattrs: new Map([['security.capability', capability]]) } : {}),
    };
  }
}

/** The kernel's encoding of device numbers (makedev(3)). */
function deviceEntry(stats: Stats): Pick<Entry, 'type' | 'device'> {
  const { rdev } = stats;
  const high = Math.floor(rdev / 2 ** 32);
  const major = ((rdev >>> 8) & 0xfff) + (high & 0xfffff000);
  const minor = (rdev & 0xff) + ((rdev >>> 12) & 0xfff00);
  return {
    type: stats.isBlockDevice() ? 'block-device' : 'character-device',
    device: [major, minor],
  };
}

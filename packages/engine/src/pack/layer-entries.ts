import { bytes, type ByteString, type Entry } from '@nx-nixpack/base';
import type { PackEntry } from '@nx-nixpack/oci';
import { changesOf, isExecutable, type Change, type ChangesInput } from './changes.js';
import { fileAt, type Capabilities } from './pack-tree.js';

/** The entries of a layer. There may be hundreds of thousands: each is made when it is asked for, and once. */
export interface LayerEntries extends Iterable<PackEntry> {
  readonly count: number;
}

/** The entries of a layer, in walk order. */
export async function layerEntries(input: ChangesInput): Promise<LayerEntries> {
  const all = [...changesOf(input)];
  const now = await input.after.capabilities(executables(input, all));
  const then = await input.before.capabilities(suspects(all));
  const changes = all.filter(
    (change) => change.kind !== 'suspect' || differs(change.entry.path, then, now),
  );
  return {
    count: changes.length,
    *[Symbol.iterator]() {
      const maker = new EntryMaker(input, now, linkedIn(changes));
      for (const change of changes) yield maker.entry(change);
    },
  };
}

const executables = ({ after }: ChangesInput, changes: readonly Change[]): ByteString[] =>
  changes.flatMap((change) =>
    change.kind !== 'removed' && isExecutable(fileAt(after, change.entry))
      ? [change.entry.path]
      : [],
  );
const suspects = (changes: readonly Change[]): ByteString[] =>
  changes.flatMap((change) => (change.kind === 'suspect' ? [change.entry.path] : []));

function differs(path: ByteString, then: Capabilities, now: Capabilities): boolean {
  const none = new Uint8Array();
  return Buffer.compare(then.get(path) ?? none, now.get(path) ?? none) !== 0;
}

/** The files that hard links of the layer name; they may themselves be no part of it. */
const linkedIn = (changes: readonly Change[]): ReadonlySet<ByteString> =>
  new Set(
    changes.flatMap((change) =>
      change.kind !== 'removed' && change.entry.type === 'hardlink'
        ? [fileNamed(change.entry)]
        : [],
    ),
  );

/** What all names of one file have in common. */
const fileNamed = ({ type, path, target = path }: Entry): ByteString =>
  type === 'hardlink' ? target : path;

class EntryMaker {
  readonly #input: ChangesInput;
  readonly #capabilities: Capabilities;
  readonly #linked: ReadonlySet<ByteString>;
  /** The first path in the layer of each file that has several. */
  readonly #first = new Map<ByteString, ByteString>();

  constructor(input: ChangesInput, capabilities: Capabilities, linked: ReadonlySet<ByteString>) {
    this.#input = input;
    this.#capabilities = capabilities;
    this.#linked = linked;
  }

  entry(change: Change): PackEntry {
    if (change.kind === 'removed') return { ...NOTHING, path: change.path };
    const entry = fileAt(this.#input.after, change.entry);
    const { path, type, mode } = entry;
    const { uid, gid } = this.#input.owners.of(path) ?? entry;
    const common = { path, type, mode, uid, gid, size: 0 };
    if (type === 'symlink') return { ...common, mode: 0o777, target: entry.target ?? bytes`` };
    if (type === 'file') return { ...common, ...this.#file(entry, fileNamed(change.entry)) };
    return entry.device === undefined ? common : { ...common, device: entry.device };
  }

  #file({ path, size }: Entry, file: ByteString): Partial<PackEntry> {
    const first = this.#first.get(file);
    if (first !== undefined) return { type: 'hardlink', target: first };
    if (this.#linked.has(file)) this.#first.set(file, path);
    const capability = this.#capabilities.get(path);
    return {
      size,
      open: () => this.#input.after.open(path),
      ...(capability ? { xattrs: new Map([['security.capability', capability]]) } : {}),
    };
  }
}

/** What a whiteout holds. */
const NOTHING = { type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0 } as const;

import { type Platform } from '@nx-nixpack/data';
import {
  bytes,
  type ByteString,
  isLoopback,
  isObject,
  readFileBytes,
  UserError,
} from '@nx-nixpack/base';
import type { Archive } from '@nx-nixpack/channels';
import { basePrograms, type BaseFacts, type Provision } from '@nx-nixpack/engine';
import {
  openImageTree,
  parseReference,
  Store,
  type Image,
  type ImageTree,
  type RegistryAccess,
} from '@nx-nixpack/oci';
import { parseBaseReference } from '@nx-nixpack/deployment';
import { rejected } from '../records/outputs.js';
import { pinnedImage } from './pinned-image.js';
import { openComponentImage } from '../results/open-built-image.js';
import type { Planned } from '../results/read-planned.js';
import type { BasePin } from '../records/plan.js';
import { onlyPlatform } from '../records/platforms.js';
import type { SealOptions } from '../results/seal.js';

export interface OpenedBase {
  readonly reference: string;
  readonly image: Image;
  readonly facts: BaseFacts;
  /** Lets the files of the image go. */
  close(): void;
}

export interface OpenOptions extends SealOptions {
  readonly workspaceRoot: string;
  readonly storeDirectory: string;
  readonly platform: Platform;
  readonly access: RegistryAccess;
  /** Makes the base of a plan that names none; without it there is none. */
  readonly compose?: (packages: readonly Archive[]) => Promise<Image>;
  /** Look at the files of a base again, whatever the store remembers of them. Default: no. */
  readonly verify?: boolean;
}

/** The base images of a plan, exactly those it pinned. */
export async function openBases(
  planned: Planned,
  options: OpenOptions,
): Promise<{ build: OpenedBase; run?: OpenedBase }> {
  const { bases, provision } = onlyPlatform(planned.plan.platforms)[1];
  const { build: pin, run } = bases;
  const build =
    pin === undefined ? await openComposed(provision, options) : await open(pin, planned, options);
  if (run === undefined) return { build };
  return orClose(build, async () => ({ build, run: await open(run, planned, options) }));
}

/** Lets what was opened go when nobody will be given it. */
async function orClose<T>(opened: { close(): void }, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    opened.close();
    throw error;
  }
}

async function openComposed(
  provision: Provision | undefined,
  options: OpenOptions,
): Promise<OpenedBase> {
  if (provision?.base === undefined || options.compose === undefined)
    throw rejected('The plan has no base image, and nothing that one is composed of', 'plan-image');
  const reference = `Debian ${provision.release}`;
  const image = await options.compose(provision.base);
  const facts = await baseFacts(undefined, image, Store.open(options.storeDirectory), options);
  return { reference, image, facts, close: () => undefined };
}

async function open(pin: BasePin, planned: Planned, options: OpenOptions): Promise<OpenedBase> {
  const store = Store.open(options.storeDirectory);
  return mending(async () => {
    const opened = await openImage(pin, planned, options, store);
    return orClose(opened, async () => {
      const { image } = opened;
      if (pin.digest !== undefined && image.digest !== pin.digest) throw changed(pin);
      const facts = await baseFacts(pin, image, store, options);
      return { reference: pin.reference, image, facts, close: () => opened.close() };
    });
  });
}

const changed = ({ reference }: BasePin): UserError =>
  new UserError({
    code: 'BASE_INVALID',
    message: `${reference} changed after it was planned`,
    hint: 'Run the task again.',
  });

/** What the store found damaged it removed: what is missing then is fetched, each time at least one blob. */
async function mending<T>(work: () => Promise<T>): Promise<T> {
  for (let left = MENDINGS; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (!isStoreCorrupt(error) || left === 0) throw error;
    }
  }
}

/** An index, a manifest, a configuration and the layers, which are looked at together, may be damaged. */
const MENDINGS = 4;

export const isStoreCorrupt = (error: unknown): error is UserError =>
  error instanceof UserError && error.code === 'STORE_CORRUPT';

async function openImage(
  pin: BasePin,
  planned: Planned,
  options: OpenOptions,
  store: Store,
): Promise<Pick<OpenedBase, 'image' | 'close'>> {
  if (pin.component !== undefined) return openComponentImage(planned, pin.component, options);
  return { image: await pinnedImage(pin, options, store), close: () => undefined };
}

type FileFacts = Pick<BaseFacts, 'hasBash' | 'passwd' | 'group' | 'programs'>;

/** What lowering must know of a base. Its files are looked at once: an image never changes, so the answer is kept by digest. */
async function baseFacts(
  pin: BasePin | undefined,
  image: Image,
  store: Store,
  { verify = false }: OpenOptions,
): Promise<BaseFacts> {
  const key = image.digest.slice('sha256:'.length);
  let files = verify ? undefined : fileFactsOf(store.readRecord('base-facts', key));
  if (files === undefined) {
    await requireIntact(image, store);
    files = await fileFacts(image, store);
    store.writeRecord('base-facts', key, { ...files, programs: files.programs ?? null });
  }
  return { ...files, config: image.config, digest: image.digest, ...publicName(pin) };
}

/** What is decompressed before all of it was hashed may fail as anything: what the store has is looked at first. */
async function requireIntact({ layers }: Image, store: Store): Promise<void> {
  let damaged = 0;
  for (const { digest } of layers)
    if (store.has(digest) && !(await store.check(digest))) damaged += 1;
  if (damaged === 0) return;
  throw new UserError({
    code: 'STORE_CORRUPT',
    message: `${damaged} of the base image's layers were damaged in the store`,
    hint: 'Run the task again; they were removed.',
  });
}

/** What a record says; undefined for anything that `fileFacts` would not say. */
function fileFactsOf(record: unknown): FileFacts | undefined {
  if (typeof record !== 'object' || record === null) return undefined;
  const { hasBash, passwd, group, programs } = record as Partial<Record<keyof FileFacts, unknown>>;
  if (typeof hasBash !== 'boolean' || typeof passwd !== 'string' || typeof group !== 'string')
    return undefined;
  if (programs === undefined || !isTexts(programs)) return undefined;
  return { hasBash, passwd, group, ...(programs && { programs }) };
}

/** Null stands for what nobody knows: a record without any word is an older one. */
const isTexts = (value: unknown): value is Record<string, string> | null =>
  value === null ||
  (isObject(value) && Object.values(value).every((one) => typeof one === 'string'));

async function fileFacts(image: Image, store: Store): Promise<FileFacts> {
  const tree = await openImageTree(image.layers, store.area('scratch'));
  try {
    const programs = basePrograms(tree, image.config);
    return {
      ...(programs && { programs }),
      hasBash: [bytes`bin/bash`, bytes`usr/bin/bash`].some(
        (path) => tree.entry(path) !== undefined,
      ),
      passwd: readText(tree, bytes`etc/passwd`),
      group: readText(tree, bytes`etc/group`),
    };
  } finally {
    tree.close();
  }
}

const readText = (tree: ImageTree, path: ByteString): string =>
  tree.entry(path)?.type === 'file' ? readFileBytes(tree, path).toString('utf8') : '';

/** What others find the base by: a layout, a component and a registry on loopback are on this machine only. */
export function publicName(pin: BasePin | undefined): { publicName?: string } {
  if (pin === undefined) return {};
  const { reference, component } = pin;
  const isServed = component === undefined && parseBaseReference(reference).kind === 'registry';
  const isPublic = isServed && !isLoopback(parseReference(reference).registry);
  return isPublic ? { publicName: reference } : {};
}

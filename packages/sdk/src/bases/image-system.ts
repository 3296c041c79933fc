import { isObject, type Position } from '@nx-nixpack/base';
import { hexOf, openImageTree, Store, type Image } from '@nx-nixpack/oci';
import type { BasePin } from '../records/plan.js';
import { pinnedImage, type PinnedOptions } from './pinned-image.js';
import { requireDebian, systemIn, type SystemFacts } from './system-facts.js';

export interface SystemOptions extends PinnedOptions {
  readonly storeDirectory: string;
}

const AREA = 'base-systems';

/** The system of an image that was pinned. Its files are looked at once: the answer is kept by digest. Throws UserError. */
export async function imageSystem(
  pin: BasePin,
  at: Position | undefined,
  options: SystemOptions,
): Promise<SystemFacts> {
  const store = Store.open(options.storeDirectory);
  const key = pin.digest === undefined ? undefined : hexOf(pin.digest);
  const known = key === undefined ? undefined : factsOf(store.readRecord(AREA, key));
  const found = known ?? (await look(await pinnedImage(pin, options, store), store));
  if (known === undefined && key !== undefined) store.writeRecord(AREA, key, found);
  return requireDebian(pin.reference, found, at);
}

function factsOf(record: unknown): SystemFacts | undefined {
  if (!isObject(record)) return undefined;
  const { id, release, name, status } = record;
  const isWhole = [id, release, name, status].every((one) => typeof one === 'string');
  return isWhole ? (record as unknown as SystemFacts) : undefined;
}

async function look(image: Image, store: Store): Promise<SystemFacts> {
  const tree = await openImageTree(image.layers, store.area('scratch'));
  try {
    return systemIn(tree);
  } finally {
    tree.close();
  }
}

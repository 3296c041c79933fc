import { packLayer, type Layer, type Store } from '@nx-nixpack/oci';
import type { LayerName, Recipe } from '../recipe/recipe.js';
import { layerEntries } from './layer-entries.js';
import { Owners } from './owners.js';
import type { PackTree } from './pack-tree.js';

export interface ChangedTree {
  /** Becomes the layer's name. */
  readonly name: LayerName;
  /** The root of the base image. */
  readonly base: PackTree;
  /** The tree that the layers before end with; absent for the first layer, which lies on the base. */
  readonly before?: PackTree | undefined;
  readonly after: PackTree;
  /** Trees that hold every name that was written, when the engine knows: nothing else is looked at. */
  readonly written?: readonly PackTree[];
}

export interface PackedChanges {
  /** undefined when nothing changed. */
  readonly layer: Layer | undefined;
  readonly entries: number;
}

/**
 * The layer that makes one tree of another, in canonical form: sorted, numeric ids, one time, nothing volatile,
 * whiteouts for what is gone. The same two trees give the same bytes, whichever engine made them.
 * The first layer gives the recipe's paths in the base to the run user. Throws UserError SOURCE_UNSUPPORTED.
 */
export async function packChanges(
  { name, base, before, after, written }: ChangedTree,
  { ownership, created }: Pick<Recipe, 'ownership' | 'created'>,
  store: Store,
): Promise<PackedChanges> {
  const owners = new Owners(ownership);
  const forced = before === undefined ? owners.pathsIn(base) : [];
  const input = { before: before ?? base, after, base, written, owners, forced };
  const entries = await layerEntries(input);
  if (entries.count === 0) return { layer: undefined, entries: 0 };
  const layer = await packLayer(entries, store, { name, mtime: created });
  return { layer, entries: entries.count };
}

import { canonicalJson, type Runner } from '@nx-nixpack/base';
import {
  compressionProfile,
  digestOf,
  layerParts,
  type Digest,
  type Layer,
  type LayerParts,
  type Store,
} from '@nx-nixpack/oci';
import { layerGroups } from '../../../pack/layer-groups.js';
import { packChanges } from '../../../pack/pack-changes.js';
import type { LayerName, Recipe } from '../../../recipe/recipe.js';
import { MountedTree } from '../trees/mounted-tree.js';
import type { Snapshot } from '../snapshots/snapshots.js';
import type { DiskPath } from '../trees/disk.js';
import { keyOf } from '../steps/step-key.js';
import type { Stack, Views } from '../trees/tree-view.js';
import { parseLayerParts } from './layer-record.js';

/** What one step added to the image. */
export interface Added {
  readonly layer: LayerName;
  readonly snapshot: Snapshot;
}

export interface PackPorts {
  readonly runner: Runner;
  readonly store: Store;
  readonly views: Views;
  /** A directory in memory. */
  readonly private: string;
  /** Whether records of the store are believed; without that, every layer is packed again. */
  readonly believe: boolean;
  /** Is told what was damaged in the store and is made again. */
  readonly onDamaged: (text: string) => void;
  readonly onStep: (text: string) => void;
}

const RECORDS = 'embedded-layers';

/** Packs what the steps added to a base: neighbors of one name become one layer, nothing becomes none. */
export async function packStages(
  ports: PackPorts,
  base: Snapshot,
  added: readonly Added[],
  recipe: Pick<Recipe, 'ownership' | 'created'>,
): Promise<LayerParts[]> {
  const layers: LayerParts[] = [];
  let below: Stack = [base];
  for (const group of layerGroups(added)) {
    const above: Stack = [...below, ...group.map(({ snapshot }) => snapshot)];
    const name = group[0]?.layer ?? 'application';
    layers.push(...(await packGroup(ports, { name, base, below, above }, recipe)));
    below = above;
  }
  return layers;
}

interface Group {
  readonly name: LayerName;
  readonly base: Snapshot;
  readonly below: Stack;
  readonly above: Stack;
}

async function packGroup(
  ports: PackPorts,
  group: Group,
  recipe: Pick<Recipe, 'ownership' | 'created'>,
): Promise<LayerParts[]> {
  const key = groupKey(group, recipe);
  const known = layersIn(ports.store.readRecord(RECORDS, key), group.name);
  if (known && ports.believe && (await areThere(ports, known))) return known;
  const layer = await pack(ports, group, recipe);
  const packed = layer ? [layerParts(layer)] : [];
  if (known && canonicalJson(known) !== canonicalJson(packed))
    ports.onDamaged(`the record of layer ${group.name} in the store named another layer`);
  ports.store.writeRecord(RECORDS, key, layer ? { layer: packed[0] } : {});
  return packed;
}

/** What a record says; undefined for what no record says of a layer of this name. */
function layersIn(record: unknown, name: LayerName): LayerParts[] | undefined {
  if (typeof record !== 'object' || record === null) return undefined;
  if (!('layer' in record)) return [];
  const layer = parseLayerParts(record.layer);
  return layer?.name === name && layer.origin === 'own' ? [layer] : undefined;
}

async function areThere(
  { store, onDamaged }: PackPorts,
  layers: readonly LayerParts[],
): Promise<boolean> {
  for (const { digest } of layers) {
    const existed = store.has(digest);
    if (await store.check(digest)) continue;
    if (existed) onDamaged(`blob ${digest} of the store was damaged`);
    return false;
  }
  return true;
}

async function pack(
  ports: PackPorts,
  { name, base, below, above }: Group,
  recipe: Pick<Recipe, 'ownership' | 'created'>,
): Promise<Layer | undefined> {
  const started = performance.now();
  const { views, store, runner, private: scratch, onStep } = ports;
  const tree = (root: DiskPath) => new MountedTree({ runner, scratch }, root);
  const lower = await views.readOnly(below);
  const changed = {
    name,
    base: tree(base.tree),
    before: below.length === 1 ? undefined : tree(lower.root),
    after: tree((await views.readOnly(above)).root),
    written: above.slice(below.length).map((snapshot) => tree(snapshot.tree)),
  };
  const { layer, entries } = await packChanges(changed, recipe, store);
  if (layer === undefined) return undefined;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  onStep(`pack     ${name}: ${entries} entries, ${(layer.size / 1e6).toFixed(1)} MB, ${seconds} s`);
  return layer;
}

/** Everything that decides a layer's bytes. */
function groupKey(
  group: Group,
  { ownership, created }: Pick<Recipe, 'ownership' | 'created'>,
): Digest {
  const trees = (stack: Stack): string[] =>
    stack.map(({ key, fingerprint }) => `${key} ${fingerprint}`);
  return keyOf({
    name: group.name,
    below: digestOf(canonicalJson(trees(group.below))),
    above: digestOf(canonicalJson(trees(group.above))),
    ownership,
    created,
    compression: compressionProfile(),
  });
}

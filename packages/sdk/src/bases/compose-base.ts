import { canonicalJson, memoryTree } from '@nx-nixpack/base';
import type { Archive } from '@nx-nixpack/channels';
import type { Platform } from '@nx-nixpack/data';
import {
  composeDebian,
  parseLayerParts,
  type BuildRequest,
  type Engine,
  type Recipe,
} from '@nx-nixpack/engine';
import {
  compressionProfile,
  digestOf,
  hexOf,
  Image,
  layerFromStore,
  layerParts,
  Store,
  type Digest,
  type Layer,
  type LayerParts,
} from '@nx-nixpack/oci';

/** Brings archives into the store; the answer says which blob each of them is, by its id. */
export type FetchArchives = (archives: readonly Archive[]) => Promise<ReadonlyMap<string, Digest>>;

export interface ComposePorts extends Pick<
  BuildRequest,
  'storeDirectory' | 'host' | 'progress' | 'signal' | 'verify'
> {
  readonly engine: Engine;
  readonly platform: Platform;
  readonly fetchArchives: FetchArchives;
}

const RECORDS = 'composed-bases';

/**
 * A minimal Debian of these packages. It is made once for a store: its layers stay there by everything that decides them, and then
 * not even the packages are needed any more.
 */
export async function composedBase(
  packages: readonly Archive[],
  ports: ComposePorts,
): Promise<Image> {
  const { platform, storeDirectory, verify = false } = ports;
  const store = Store.open(storeDirectory);
  const recipe = composeDebian(packages);
  const key = keyOf(recipe, platform);
  const known = verify ? undefined : knownLayers(store.readRecord(RECORDS, key));
  if (known && (await areThere(store, known))) {
    const layers = known.map((parts) => layerFromStore(store, parts));
    return imageOf(recipe, platform, layers);
  }
  const image = await compose(recipe, packages, ports);
  store.writeRecord(RECORDS, key, { layers: image.layers.map(layerParts) });
  return image;
}

async function compose(
  recipe: Recipe,
  packages: readonly Archive[],
  { engine, platform, fetchArchives, ...ports }: ComposePorts,
): Promise<Image> {
  const archives = await fetchArchives(packages);
  const nothing = { source: memoryTree({}), secrets: new Map() };
  const bases = { build: Image.scratch(platform) };
  const { image } = await engine.build({ ...ports, ...nothing, recipe, bases, platform, archives });
  return image;
}

const imageOf = (recipe: Recipe, platform: Platform, layers: readonly Layer[]): Image =>
  Image.scratch(platform)
    .createdAt(recipe.created)
    .append(...layers)
    .configure(recipe.config)
    .annotate(recipe.annotations);

/** The commands are in the recipe: what makes another base has another key. */
const keyOf = (recipe: Recipe, platform: Platform): string =>
  hexOf(digestOf(canonicalJson({ recipe, platform, profile: compressionProfile() })));

async function areThere(store: Store, layers: readonly LayerParts[]): Promise<boolean> {
  for (const { digest } of layers) if (!(await store.check(digest))) return false;
  return layers.length > 0;
}

function knownLayers(record: unknown): readonly LayerParts[] | undefined {
  if (typeof record !== 'object' || record === null || !('layers' in record)) return undefined;
  if (!Array.isArray(record.layers)) return undefined;
  const layers = record.layers.map(parseLayerParts);
  return layers.every((layer) => layer !== undefined) ? layers : undefined;
}

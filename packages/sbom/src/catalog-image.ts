import { type ByteString, compareBytes, type Entry, type FileTree, walk } from '@nx-nixpack/base';
import { assembleGraph, type Subject } from './assemble-graph.js';
import { CATALOG_LIMITS, CatalogSize, type CatalogLimits } from './catalog-limits.js';
import type { Cataloger } from './cataloger.js';
import { CATALOGERS } from './catalogers/index.js';
import { ImageView } from './image-view.js';
import type { PackageGraph } from './package-graph.js';

export interface CatalogOptions extends Subject {
  /** Digest of the layer that holds a path, when the caller knows it. */
  readonly layerOf?: (path: ByteString) => string | undefined;
  /** What to look for. Default: CATALOGERS. */
  readonly catalogers?: readonly Cataloger[];
  /** Default: CATALOG_LIMITS. */
  readonly limits?: Partial<CatalogLimits>;
}

/**
 * Lists what is installed in an image, from its merged file tree alone: one walk for all catalogers.
 * A file that cannot be understood becomes a problem of the graph; errors of the tree itself are thrown. Throws UserError
 * SBOM_TOO_LARGE when there is more than the limits allow.
 */
export function catalogImage(tree: FileTree, options: CatalogOptions): PackageGraph {
  const { catalogers = CATALOGERS } = options;
  const image = new ImageView(tree);
  const wanted = collect(tree, catalogers);
  const size = new CatalogSize({ ...CATALOG_LIMITS, ...options.limits });
  const catalogs = catalogers.map((cataloger) => {
    const entries = (wanted.get(cataloger) ?? []).sort((a, b) => compareBytes(a.path, b.path));
    const catalog = cataloger.catalog(entries, image);
    size.add(catalog);
    return { type: cataloger.type, catalog };
  });
  return assembleGraph(catalogs, options, options.layerOf ?? (() => undefined));
}

function collect(tree: FileTree, catalogers: readonly Cataloger[]): Map<Cataloger, Entry[]> {
  const wanted = new Map<Cataloger, Entry[]>(catalogers.map((cataloger) => [cataloger, []]));
  for (const entry of walk(tree)) {
    if (entry.type === 'directory') continue;
    for (const [cataloger, entries] of wanted) if (cataloger.wants(entry)) entries.push(entry);
  }
  return wanted;
}

export { catalogImage } from './catalog-image.js';
export type { CatalogOptions } from './catalog-image.js';
export { FORMATS } from './formats/index.js';
export type { SbomFormat } from './formats/sbom-format.js';
export type {
  Coverage,
  Evidence,
  Hash,
  License,
  Package,
  PackageEdge,
  PackageGraph,
  PackageType,
  ScanProblem,
} from './package-graph.js';

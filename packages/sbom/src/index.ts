export type { Coverage, Package, PackageEdge, PackageGraph, PackageType } from './package-graph.js';

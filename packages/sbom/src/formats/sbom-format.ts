import type { Problem } from '@nx-nixpack/base';
import type { PackageGraph } from '../package-graph.js';

/** A document format. Both functions are pure: equal graphs, equal bytes. */
export interface SbomFormat {
  /** As written in a deployment file. */
  readonly name: string;
  readonly fileName: string;
  readonly mediaType: string;
  write(graph: PackageGraph): Uint8Array;
  /** Everything that is wrong with a document of this format; empty when it is valid. */
  check(document: Uint8Array): Problem[];
}

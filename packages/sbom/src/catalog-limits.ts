import { UserError } from '@nx-nixpack/base';
import type { Catalog } from './cataloger.js';

/** How much one image may hold: a document of it takes some kilobytes of memory for each package. */
export interface CatalogLimits {
  readonly packages: number;
  readonly dependencies: number;
}

/** No image that programs were installed into by hand or by a lock file comes near. */
export const CATALOG_LIMITS: CatalogLimits = { packages: 15_000, dependencies: 250_000 };

/** Adds up what catalogers found. Throws UserError SBOM_TOO_LARGE as soon as it is too much. */
export class CatalogSize {
  readonly #limits: CatalogLimits;
  #packages = 0;
  #dependencies = 0;

  constructor(limits: CatalogLimits) {
    this.#limits = limits;
  }

  add({ findings, edges, rootDependencies = [] }: Catalog): void {
    this.#packages += findings.length;
    this.#dependencies += edges.length + rootDependencies.length;
    const { packages, dependencies } = this.#limits;
    if (this.#packages > packages) throw tooLarge(`${packages} packages`, 'maxPackages');
    if (this.#dependencies > dependencies)
      throw tooLarge(`${dependencies} dependencies between packages`, 'maxDependencies');
  }
}

const tooLarge = (what: string, option: string): UserError =>
  new UserError({
    code: 'SBOM_TOO_LARGE',
    message: `The image holds more than ${what}`,
    hint: `Leave out what the program does not need, or raise the option ${option} of the sbom task.`,
  });

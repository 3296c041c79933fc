import { cyclonedxJson } from './cyclonedx.js';
import type { SbomFormat } from './sbom-format.js';
import { spdxJson } from './spdx.js';

/** Every format that can be written, by `name`. */
export const FORMATS: readonly SbomFormat[] = [cyclonedxJson, spdxJson];

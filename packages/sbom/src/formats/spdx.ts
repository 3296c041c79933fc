import { checkSpdx } from '../check/check-spdx.js';
import type { SbomFormat } from './sbom-format.js';
import { spdxDocument } from './spdx-document.js';

/** SPDX 2.3 as JSON. */
export const spdxJson: SbomFormat = {
  name: 'spdx-json',
  fileName: 'sbom.spdx.json',
  mediaType: 'application/spdx+json',
  write: (graph) => Buffer.from(`${JSON.stringify(spdxDocument(graph), null, 2)}\n`),
  check: checkSpdx,
};

import type { NixpackComponent } from '@nx-nixpack/deployment';
import type { Digest } from '@nx-nixpack/oci';
import type { SbomSettingsRecord } from './records.js';

/** Which SBOMs are written; bound to the plan that it was written with. */
export const sbomSettingsRecord = (
  { settings }: NixpackComponent,
  planDigest: Digest,
): SbomSettingsRecord => ({
  schemaVersion: 1,
  planDigest,
  formats: settings.sbom.formats,
  require: settings.sbom.require,
});

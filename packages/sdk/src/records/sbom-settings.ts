import type { NixpackComponent } from '@nx-nixpack/deployment';
import { flag } from '@nx-nixpack/data';
import type { Digest } from '@nx-nixpack/oci';
import { recordCodec, type RecordOf } from './codec.js';
import { digest, strings } from './fields.js';

/** sbom-settings.json: which SBOMs are written. */
export const sbomSettings = recordCodec({
  task: 'plan-image',
  schemaVersion: 2,
  fields: {
    /** Of the plan.json that was written with it. */
    planDigest: digest,
    formats: strings,
    require: flag,
  },
});

export type SbomSettingsRecord = RecordOf<typeof sbomSettings>;

export const sbomSettingsOf = (
  { settings }: NixpackComponent,
  planDigest: Digest,
): SbomSettingsRecord => ({
  planDigest,
  formats: settings.sbom.formats,
  require: settings.sbom.require,
});

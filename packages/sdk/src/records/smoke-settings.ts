import type { NixpackComponent } from '@nx-nixpack/deployment';
import { oneOf, optional } from '@nx-nixpack/data';
import type { Digest } from '@nx-nixpack/oci';
import { recordCodec, type RecordOf } from './codec.js';
import { count, digest, string, stringMap } from './fields.js';

/** smoke-settings.json: how a built image is started once. It changes no image, and a build that was not tested so is run again. */
export const smokeSettings = recordCodec({
  task: 'plan-image',
  schemaVersion: 1,
  fields: {
    /** Of the plan.json that was written with it. */
    planDigest: digest,
    mode: oneOf('auto', 'off', 'require'),
    http: optional(string),
    command: optional(string),
    port: optional(count),
    seconds: optional(count),
    env: stringMap,
  },
});

export type SmokeSettingsRecord = RecordOf<typeof smokeSettings>;

export const smokeSettingsOf = (
  { settings }: NixpackComponent,
  planDigest: Digest,
): SmokeSettingsRecord => ({ planDigest, ...settings.smoke });

import type { NixpackComponent } from '@nx-nixpack/deployment';
import type { Digest } from '@nx-nixpack/oci';
import { recordCodec, type RecordOf } from './codec.js';
import { digest, string } from './fields.js';

/** build-settings.json: how the image is built. No part of the cache key: every engine gives the same image. */
export const buildSettings = recordCodec({
  task: 'plan-image',
  schemaVersion: 2,
  fields: {
    /** Of the plan.json that was written with it. */
    planDigest: digest,
    engine: string,
  },
});

export type BuildSettingsRecord = RecordOf<typeof buildSettings>;

export const buildSettingsOf = (
  { settings }: NixpackComponent,
  planDigest: Digest,
): BuildSettingsRecord => ({ planDigest, engine: settings.engine });

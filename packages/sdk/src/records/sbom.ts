import { list, struct } from '@nx-nixpack/data';
import { recordCodec, type RecordOf } from './codec.js';
import { digest, perPlatform, string, strings } from './fields.js';

/** sbom.json, written last: the documents of one image. Nothing in it that its reader cannot check. */
export const sbomRecord = recordCodec({
  task: 'sbom',
  schemaVersion: 2,
  fields: {
    deployment: string,
    component: string,
    planDigest: digest,
    /** What image.json names. */
    imageDigest: digest,
    platforms: perPlatform(
      struct({
        /** Of the image of this platform. */
        imageDigest: digest,
        documents: list(struct({ format: string, path: string, digest })),
        /** Formats that are asked for, but not required, and could not be written. */
        missing: strings,
      }),
    ),
  },
});

export type SbomRecord = RecordOf<typeof sbomRecord>;
/** The documents of one platform. */
export type PlatformSbom = SbomRecord['platforms'][string];

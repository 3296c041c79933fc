import { recordCodec, type RecordOf } from './codec.js';
import { digest, string, stringMap, strings } from './fields.js';

/** push/<target>.json: where the image is. */
export const pushRecord = recordCodec({
  task: 'push-image',
  schemaVersion: 2,
  fields: {
    deployment: string,
    component: string,
    target: string,
    /** Registry and repository with the digest: what a consumer is bound to. */
    reference: string,
    registry: string,
    repository: string,
    digest,
    tags: strings,
    annotations: stringMap,
  },
});

export type PushRecord = RecordOf<typeof pushRecord>;

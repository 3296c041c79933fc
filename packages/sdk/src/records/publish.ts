import type { Deployment, NixpackComponent } from '@nx-nixpack/deployment';
import { flag, mapOf, optional } from '@nx-nixpack/data';
import type { Digest } from '@nx-nixpack/oci';
import { recordCodec, type RecordOf } from './codec.js';
import { digest, json, string, stringMap, strings } from './fields.js';
import { labelsAtPush } from './labels.js';

/** publish.json: where the image goes. Templates are unrendered. */
export const publishRecord = recordCodec({
  task: 'plan-image',
  schemaVersion: 2,
  fields: {
    /** Of the plan.json that was written with it. */
    planDigest: digest,
    deployment: string,
    component: string,
    publish: flag,
    registry: optional(string),
    name: optional(string),
    tags: strings,
    /** The first tag is ours, not the user's: it gets a suffix for uncommitted changes. */
    defaultTag: flag,
    /** Labels that name git, target or context: annotations of the push record, never in the image. */
    annotations: stringMap,
    defaultTarget: optional(string),
    targets: mapOf(string, mapOf(string, json)),
  },
});

export type PublishRecord = RecordOf<typeof publishRecord>;

/** What push-image needs to know of the deployment file. */
export function publishOf(
  deployment: Deployment,
  component: NixpackComponent,
  planDigest: Digest,
): PublishRecord {
  const { image } = component.vars;
  return {
    planDigest,
    deployment: deployment.name,
    component: component.name,
    publish: component.settings.publish,
    ...(image.registry === undefined ? {} : { registry: image.registry }),
    ...(image.name === undefined ? {} : { name: image.name }),
    tags: [image.tag ?? '{{ git.sha }}', ...image.tags],
    defaultTag: image.tag === undefined,
    annotations: labelsAtPush(image.labels),
    ...(deployment.defaultTarget === undefined ? {} : { defaultTarget: deployment.defaultTarget }),
    targets: Object.fromEntries(deployment.targets.map(({ name, context }) => [name, context])),
  };
}

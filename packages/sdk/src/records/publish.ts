import type { Deployment, NixpackComponent } from '@nx-nixpack/deployment';
import type { Digest } from '@nx-nixpack/oci';
import { labelsAtPush } from './labels.js';
import type { PublishRecord } from './records.js';

/** Where the image goes: what push-image needs to know of the deployment file, templates unrendered. */
export function publishRecord(
  deployment: Deployment,
  component: NixpackComponent,
  planDigest: Digest,
): PublishRecord {
  const { image } = component.vars;
  return {
    schemaVersion: 1,
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

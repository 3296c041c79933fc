import { templatePaths, type Deployment, type NixpackComponent } from '@nx-nixpack/deployment';
import type { Digest } from '@nx-nixpack/oci';
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
    annotations: split(image.labels).atPush,
    ...(deployment.defaultTarget === undefined ? {} : { defaultTarget: deployment.defaultTarget }),
    targets: Object.fromEntries(deployment.targets.map(({ name, context }) => [name, context])),
  };
}

/** A label that depends on the commit or the target is no part of the image, which is built once and promoted. */
function split(
  labels: Readonly<Record<string, string>>,
): Record<'inImage' | 'atPush', Record<string, string>> {
  const changing = ([, value]: [string, string]): boolean =>
    templatePaths(value).some((path) => /^(git\.|context\.|target$)/.test(path));
  const entries = Object.entries(labels);
  return {
    inImage: Object.fromEntries(entries.filter((entry) => !changing(entry))),
    atPush: Object.fromEntries(entries.filter(changing)),
  };
}

/** The labels that are part of the image. */
export const labelsInImage = (labels: Readonly<Record<string, string>>): Record<string, string> =>
  split(labels).inImage;

import {
  parseTemplate,
  type Deployment,
  type NixpackComponent,
  type Template,
} from '@nx-nixpack/deployment';
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
    ...(image.registry === undefined ? {} : { registry: image.registry.text }),
    ...(image.name === undefined ? {} : { name: image.name.text }),
    tags: [image.tag?.text ?? '{{ git.sha }}', ...image.tags.map(({ text }) => text)],
    defaultTag: image.tag === undefined,
    annotations: texts(labelsAtPush(image.labels)),
    ...(deployment.defaultTarget === undefined ? {} : { defaultTarget: deployment.defaultTarget }),
    targets: Object.fromEntries(deployment.targets.map(({ name, context }) => [name, context])),
  };
}

const texts = (templates: Readonly<Record<string, Template>>): Record<string, string> =>
  Object.fromEntries(Object.entries(templates).map(([name, { text }]) => [name, text]));

/** The texts of a record that a push fills in. */
export interface PublishTemplates {
  readonly registry?: Template;
  readonly name?: Template;
  readonly tags: readonly Template[];
  readonly annotations: Readonly<Record<string, Template>>;
}

/** A record holds them as they were written: they are read once, before anything is rendered. */
export function publishTemplates(record: PublishRecord): PublishTemplates {
  const { registry, name, tags, annotations } = record;
  return {
    ...(registry !== undefined && { registry: template(registry) }),
    ...(name !== undefined && { name: template(name) }),
    tags: tags.map(template),
    annotations: Object.fromEntries(
      Object.entries(annotations).map(([key, value]) => [key, template(value)]),
    ),
  };
}

/** The deployment file was checked: what opens no template is text. */
const template = (text: string): Template => parseTemplate(text) ?? { text, parts: [{ text }] };

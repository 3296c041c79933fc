import { type Platform, PLATFORMS } from '@nx-nixpack/data';
import { excerpt, isObject, type JsonObject } from '@nx-nixpack/base';
import { baseInvalid } from './base-invalid.js';
import { parseDescriptor, parseObject, textsOf, type Descriptor } from './descriptor.js';
import { type Digest, digestOf, isDigest } from './digest.js';
import { type History, Image, type Layer, type RunConfig } from './image.js';
import { MEDIA_TYPES, OCI_LAYER_TYPES } from './media-types.js';

/** Largest manifest that registries accept (distribution specification: at least 4 MiB). */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
export const MAX_CONFIG_BYTES = 8 * 1024 * 1024;
const MAX_LAYERS = 512;

/**
 * An image from the exact bytes of its manifest and configuration, which stay as they are until the image is changed.
 * `open` reads the stored bytes of a layer; whoever reads them checks digest and size.
 * Throws UserError BASE_INVALID when the two disagree or break the OCI image specification.
 */
export function imageFrom(
  manifest: Uint8Array,
  config: Uint8Array,
  open: (layer: Descriptor) => AsyncIterable<Uint8Array>,
  origin: Layer['origin'],
): Image {
  const outer = parseManifest(manifest);
  const inner = parseObject(config, 'the image configuration', MAX_CONFIG_BYTES);
  checkConfigBytes(outer.config, config);
  const diffIds = diffIdsOf(inner);
  const layers = layersOf(outer.layers, diffIds, open, origin);
  const { architecture: _a, os: _o, created, config: _c, rootfs: _r, history, ...members } = inner;
  const parts = {
    platform: platformOf(inner),
    created: secondsOf(created),
    config: runConfigOf(inner),
    layers,
    history: historyOf(history, layers.length),
    annotations: outer.annotations,
    members,
  };
  return Image.existing(parts, manifest, config);
}

export interface Manifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** Reads an OCI or Docker image manifest. Throws UserError BASE_INVALID. */
export function parseManifest(bytes: Uint8Array): Manifest {
  const manifest = parseObject(bytes, 'the image manifest', MAX_MANIFEST_BYTES);
  const { schemaVersion, mediaType, config, layers, annotations } = manifest;
  if (schemaVersion !== 2) throw baseInvalid('The image manifest is not of schema version 2');
  if (
    mediaType !== undefined &&
    mediaType !== MEDIA_TYPES.manifest &&
    mediaType !== MEDIA_TYPES.dockerManifest
  )
    throw baseInvalid(`"${String(mediaType)}" is not an image manifest`);
  if (!Array.isArray(layers)) throw baseInvalid('The image manifest lists no layers');
  if (layers.length > MAX_LAYERS) throw baseInvalid(`The image has more than ${MAX_LAYERS} layers`);
  return {
    config: parseDescriptor(config, 'the configuration of the image manifest'),
    layers: layers.map((layer, index) =>
      parseDescriptor(layer, `layer ${index} of the image manifest`),
    ),
    annotations: textsOf(annotations, 'the annotations of the image manifest'),
  };
}

function checkConfigBytes(declared: Descriptor, config: Uint8Array): void {
  if (declared.mediaType !== MEDIA_TYPES.config && declared.mediaType !== MEDIA_TYPES.dockerConfig)
    throw baseInvalid(
      `"${declared.mediaType}" is not an image configuration, the artifact is not an image`,
    );
  if (declared.size !== config.byteLength || declared.digest !== digestOf(config))
    throw baseInvalid(
      `The image configuration is not the one that its manifest names (${declared.digest})`,
    );
}

function diffIdsOf(config: JsonObject): readonly Digest[] {
  const { rootfs } = config;
  const ids =
    isObject(rootfs) && rootfs['type'] === 'layers' ? (rootfs['diff_ids'] ?? []) : undefined;
  if (!Array.isArray(ids)) throw baseInvalid('The image configuration lists no diff ids');
  return ids.map((id: unknown) => {
    if (isDigest(id)) return id;
    throw baseInvalid(`Diff id "${excerpt(String(id), 100)}" is not a sha256 digest`);
  });
}

function layersOf(
  descriptors: readonly Descriptor[],
  diffIds: readonly Digest[],
  open: (layer: Descriptor) => AsyncIterable<Uint8Array>,
  origin: Layer['origin'],
): readonly Layer[] {
  if (descriptors.length !== diffIds.length)
    throw baseInvalid(
      `The manifest has ${descriptors.length} layers, the configuration ${diffIds.length}`,
    );
  return descriptors.map((descriptor, index) => {
    if (!OCI_LAYER_TYPES.has(descriptor.mediaType))
      throw baseInvalid(`Layers of type "${descriptor.mediaType}" cannot be read`);
    return {
      ...descriptor,
      diffId: diffIds[index] as Digest,
      origin,
      open: () => open(descriptor),
    };
  });
}

function platformOf(config: JsonObject): Platform {
  const platform = `${String(config['os'])}/${String(config['architecture'])}`;
  const known = PLATFORMS.find((each) => each === platform);
  if (known !== undefined) return known;
  throw baseInvalid(`The image is for "${platform}", not for ${PLATFORMS.join(' or ')}`);
}

function runConfigOf(config: JsonObject): RunConfig {
  const run = config['config'] ?? {};
  if (!isObject(run)) throw baseInvalid('The run configuration of the image is not an object');
  if (Array.isArray(run['OnBuild']) && run['OnBuild'].length > 0)
    throw baseInvalid('The image has ONBUILD instructions, which are not carried out');
  for (const [name, kind] of Object.entries(MEMBER_KINDS)) {
    const value = run[name];
    if (value !== undefined && value !== null && !kind(value))
      throw baseInvalid(`${name} of the image's run configuration is of the wrong type`);
  }
  return Object.fromEntries(Object.entries(run).filter(([, value]) => value !== null));
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const MEMBER_KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  User: isText,
  WorkingDir: isText,
  Env: isTexts,
  Entrypoint: isTexts,
  Cmd: isTexts,
  ExposedPorts: isObject,
  Labels: (value) => isObject(value) && Object.values(value).every(isText),
};

/** Docker and OCI allow a history to be absent or short, but an entry too many names a layer that is not there. */
function historyOf(value: unknown, layers: number): readonly History[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isObject))
    throw baseInvalid('The history of the image is not a list');
  const filled = value.filter((entry) => entry['empty_layer'] !== true).length;
  if (filled > layers)
    throw baseInvalid(`The history names ${filled} layers, the image has ${layers}`);
  return value as readonly History[];
}

function secondsOf(created: unknown): number {
  const seconds = typeof created === 'string' ? Math.floor(Date.parse(created) / 1000) : 0;
  return Number.isFinite(seconds) ? seconds : 0;
}

import { type Platform } from '@nx-nixpack/data';
import { canonicalJson } from '@nx-nixpack/base';
import { blobOf, type Blob, type Content, type Listed } from './content.js';
import type { Descriptor } from './descriptor.js';
import { type Digest, digestOf } from './digest.js';
import { MEDIA_TYPES, OCI_LAYER_TYPES } from './media-types.js';

/** One filesystem layer. Holding one never means holding its bytes: open() reads them when needed. */
export interface Layer extends Descriptor {
  /** Digest of the tar before compression. */
  readonly diffId: Digest;
  /** `base`: came with the base image. `own`: packed by us. */
  readonly origin: 'base' | 'own';
  /** Our layers are named; the name becomes the history entry `nixpack:<name>`. */
  readonly name?: string;
  /** The stored (compressed) bytes. */
  open(): AsyncIterable<Uint8Array>;
}

/** The `config` object of an OCI image configuration; unknown members of a base are kept. */
export interface RunConfig {
  readonly User?: string;
  readonly ExposedPorts?: Readonly<Record<string, object>>;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

export interface History {
  readonly created?: string;
  readonly created_by?: string;
  readonly empty_layer?: boolean;
  readonly [member: string]: unknown;
}

/** Members to replace; undefined takes a member away. */
export type RunConfigChange = {
  readonly [Member in keyof RunConfig]?: RunConfig[Member] | undefined;
};

export interface Parts {
  readonly platform: Platform;
  /** Seconds since 1970. */
  readonly created: number;
  readonly config: RunConfig;
  readonly layers: readonly Layer[];
  readonly history: readonly History[];
  readonly annotations: Readonly<Record<string, string>>;
  /** What a base's configuration holds besides: variant, os.version, author, … Kept in what is derived. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** An image as a value: never changed, only derived from. Equal parts, equal digest. */
export class Image implements Content {
  readonly contents: readonly Content[] = [];
  readonly #parts: Parts;
  readonly #manifest: Uint8Array;
  readonly #config: Uint8Array;
  readonly #declared: Declared;
  #digest: Digest | undefined;

  private constructor(parts: Parts, exact?: { manifest: Uint8Array; config: Uint8Array }) {
    this.#parts = parts;
    this.#config = exact?.config ?? Buffer.from(configJson(parts));
    this.#manifest =
      exact?.manifest ?? Buffer.from(manifestJson(parts, descriptorOf(this.#config)));
    this.#declared = JSON.parse(Buffer.from(this.#manifest).toString('utf8')) as Declared;
  }

  static scratch(platform: Platform, created = 0): Image {
    return new Image({ platform, created, config: {}, layers: [], history: [], annotations: {} });
  }

  /** An image that exists already, with its exact manifest and configuration bytes. `imageFrom` reads the parts from them. */
  static existing(parts: Parts, manifest: Uint8Array, config: Uint8Array): Image {
    return new Image(parts, { manifest, config });
  }

  /** Adds layers on top. Layers and history below stay as they are. */
  append(...layers: readonly Layer[]): Image {
    if (layers.length === 0) return this;
    const { created, history } = this.#parts;
    const added = layers.map((layer) => entryOf(created, `nixpack:${layer.name ?? 'layer'}`));
    const before = completeHistory(history, this.layers.length, created);
    return this.#with({ layers: [...this.layers, ...layers], history: [...before, ...added] });
  }

  /** The same image, bytes unchanged, with its layers described anew: other names, origins or ways to open them. */
  withLayers(layers: readonly Layer[]): Image {
    const same =
      layers.length === this.layers.length &&
      layers.every((layer, at) => layer.digest === this.layers[at]?.digest);
    if (!same) throw new Error('withLayers takes the layers that the image has');
    return new Image(
      { ...this.#parts, layers },
      { manifest: this.#manifest, config: this.#config },
    );
  }

  /** Replaces the named members of the run configuration. */
  configure(change: RunConfigChange): Image {
    const members = Object.entries({ ...this.#parts.config, ...change });
    return this.#with({
      config: Object.fromEntries(members.filter(([, value]) => value !== undefined)),
    });
  }

  annotate(annotations: Readonly<Record<string, string>>): Image {
    return this.#with({ annotations: { ...this.#parts.annotations, ...annotations } });
  }

  /** Sets the creation time in seconds since 1970, also of history entries that are added from now on. */
  createdAt(created: number): Image {
    return this.#with({ created });
  }

  get platform(): Platform {
    return this.#parts.platform;
  }
  get config(): RunConfig {
    return this.#parts.config;
  }
  get layers(): readonly Layer[] {
    return this.#parts.layers;
  }
  get history(): readonly History[] {
    return this.#parts.history;
  }
  get annotations(): Readonly<Record<string, string>> {
    return this.#parts.annotations;
  }
  /** The exact bytes to push. The same object always gives the same bytes. */
  get manifest(): Uint8Array {
    return this.#manifest;
  }
  get configBytes(): Uint8Array {
    return this.#config;
  }
  /** The configuration as the manifest names it. */
  get configDescriptor(): Descriptor {
    const { mediaType, digest, size } = this.#declared.config;
    return { mediaType, digest, size };
  }
  get blobs(): readonly Blob[] {
    return [...this.layers, blobOf(this.configDescriptor, this.#config)];
  }
  get listed(): Listed {
    const [os = '', architecture = ''] = this.platform.split('/');
    return { platform: { architecture, os } };
  }
  get digest(): Digest {
    return (this.#digest ??= digestOf(this.#manifest));
  }
  get mediaType(): string {
    return this.#declared.mediaType ?? MEDIA_TYPES.manifest;
  }
  /** Manifest, configuration and all layers as stored, in bytes. */
  get size(): number {
    const layers = this.layers.reduce((sum, layer) => sum + layer.size, 0);
    return this.#manifest.byteLength + this.#config.byteLength + layers;
  }

  /** What is derived is always an OCI image: the layers of a Docker base get their OCI names, bytes unchanged. */
  #with(change: Partial<Parts>): Image {
    const parts = { ...this.#parts, ...change };
    return new Image({ ...parts, layers: parts.layers.map(asOciLayer) });
  }
}

interface Declared {
  readonly mediaType?: string;
  readonly config: Descriptor;
}

function asOciLayer(layer: Layer): Layer {
  const mediaType = OCI_LAYER_TYPES.get(layer.mediaType) ?? layer.mediaType;
  return mediaType === layer.mediaType ? layer : { ...layer, mediaType, open: () => layer.open() };
}

/** Readers pair history and layers, so layers that a base's history leaves out get an entry before one is added. */
function completeHistory(
  history: readonly History[],
  layers: number,
  created: number,
): readonly History[] {
  const missing = layers - history.filter((entry) => entry.empty_layer !== true).length;
  if (missing <= 0) return history;
  return [...history, ...Array.from({ length: missing }, () => entryOf(created, 'base'))];
}

const entryOf = (created: number, by: string): History => ({
  created: timestamp(created),
  created_by: by,
});

const timestamp = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

const descriptorOf = (config: Uint8Array): Descriptor => ({
  mediaType: MEDIA_TYPES.config,
  digest: digestOf(config),
  size: config.byteLength,
});

function configJson(parts: Parts): string {
  const [os, architecture] = parts.platform.split('/');
  return canonicalJson({
    ...parts.members,
    architecture,
    os,
    created: timestamp(parts.created),
    config: parts.config,
    rootfs: { type: 'layers', diff_ids: parts.layers.map((layer) => layer.diffId) },
    history: parts.history,
  });
}

function manifestJson(parts: Parts, config: Descriptor): string {
  const { annotations } = parts;
  return canonicalJson({
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.manifest,
    config,
    layers: parts.layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
    annotations: Object.keys(annotations).length > 0 ? annotations : undefined,
  });
}

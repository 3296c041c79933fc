import { canonicalJson } from '@nx-nixpack/base';
import { type Digest, digestOf } from './digest.js';
import { MEDIA_TYPES } from './media-types.js';

/** `linux/amd64`, as the OCI image specification and Docker write it. */
export type Platform = 'linux/amd64' | 'linux/arm64';

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
}

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

interface Parts {
  readonly platform: Platform;
  /** Seconds since 1970. */
  readonly created: number;
  readonly config: RunConfig;
  readonly layers: readonly Layer[];
  readonly history: readonly History[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** An image as a value: never changed, only derived from. Equal parts, equal digest. */
export class Image {
  readonly #parts: Parts;
  readonly #manifest: Uint8Array;
  readonly #config: Uint8Array;

  private constructor(parts: Parts, exact?: { manifest: Uint8Array; config: Uint8Array }) {
    this.#parts = parts;
    this.#config = exact?.config ?? Buffer.from(configJson(parts));
    this.#manifest = exact?.manifest ?? Buffer.from(manifestJson(parts, this.configDescriptor));
  }

  static scratch(platform: Platform, created = 0): Image {
    return new Image({ platform, created, config: {}, layers: [], history: [], annotations: {} });
  }

  /** An image that exists already, with its exact manifest and configuration bytes. */
  static existing(parts: Parts, manifest: Uint8Array, config: Uint8Array): Image {
    return new Image(parts, { manifest, config });
  }

  append(...layers: readonly Layer[]): Image {
    const history = layers.map((layer) => ({
      created: timestamp(this.#parts.created),
      created_by: `nixpack:${layer.name ?? 'layer'}`,
    }));
    return this.#with({
      layers: [...this.#parts.layers, ...layers],
      history: [...this.#parts.history, ...history],
    });
  }

  /** Replaces the named members of the run configuration. */
  configure(change: RunConfig): Image {
    return this.#with({ config: { ...this.#parts.config, ...change } });
  }

  annotate(annotations: Readonly<Record<string, string>>): Image {
    return this.#with({ annotations: { ...this.#parts.annotations, ...annotations } });
  }

  /** Sets the creation time in seconds since 1970. */
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
  get configDescriptor(): Descriptor {
    return {
      mediaType: MEDIA_TYPES.config,
      digest: digestOf(this.#config),
      size: this.#config.byteLength,
    };
  }
  get digest(): Digest {
    return digestOf(this.#manifest);
  }
  get mediaType(): string {
    const declared = (JSON.parse(Buffer.from(this.#manifest).toString('utf8')) as { mediaType?: string })
      .mediaType;
    return declared ?? MEDIA_TYPES.manifest;
  }
  /** Manifest, configuration and all layers as stored, in bytes. */
  get size(): number {
    const layers = this.layers.reduce((sum, layer) => sum + layer.size, 0);
    return this.#manifest.byteLength + this.#config.byteLength + layers;
  }

  #with(change: Partial<Parts>): Image {
    return new Image({ ...this.#parts, ...change });
  }
}

const timestamp = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

function configJson(parts: Parts): string {
  const [os, architecture] = parts.platform.split('/');
  return canonicalJson({
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

import { canonicalJson } from '@nx-nixpack/base';
import { baseInvalid } from './base-invalid.js';
import { blobOf, type Blob, type Content, type Listed } from './content.js';
import { parseDescriptor, parseObject, textsOf, type Descriptor } from './descriptor.js';
import { type Digest, digestOf } from './digest.js';
import { MAX_MANIFEST_BYTES } from './image-from.js';
import { EMPTY, MANIFEST_TYPES, MEDIA_TYPES } from './media-types.js';

export interface ArtifactParts {
  /** What kind of thing it is, as a media type. */
  readonly artifactType: string;
  /** Its contents, in their order; none for one that says all in its annotations. */
  readonly layers?: readonly Blob[];
  readonly subject?: Descriptor;
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * Something in a registry that no image is, an SBOM or a provenance, as a value: equal parts, equal digest. It has the
 * form that the OCI image specification 1.1 gives artifacts: an image manifest with an empty configuration.
 */
export class Artifact implements Content {
  readonly contents: readonly Content[] = [];
  readonly blobs: readonly Blob[];
  readonly manifest: Uint8Array;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly artifactType: string;
  readonly layers: readonly Blob[];
  readonly subject: Descriptor | undefined;
  readonly annotations: Readonly<Record<string, string>>;

  private constructor(manifest: Uint8Array, found: Found) {
    this.manifest = manifest;
    this.digest = digestOf(manifest);
    this.mediaType = found.mediaType;
    this.artifactType = found.artifactType;
    this.layers = found.layers;
    this.blobs = [found.config, ...found.layers];
    this.subject = found.subject;
    this.annotations = found.annotations;
  }

  static of({ artifactType, layers = [], subject, annotations = {} }: ArtifactParts): Artifact {
    const all = layers.length === 0 ? [NOTHING] : layers;
    const text = canonicalJson({
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.manifest,
      artifactType,
      config: plain(NOTHING),
      layers: all.map(plain),
      subject: subject && plain(subject),
      annotations: Object.keys(annotations).length > 0 ? annotations : undefined,
    });
    const mediaType = MEDIA_TYPES.manifest;
    const found = { mediaType, artifactType, config: NOTHING, layers: all, subject, annotations };
    return new Artifact(Buffer.from(text), found);
  }

  /** One that exists already, from its exact bytes. `open` reads a blob. Throws UserError BASE_INVALID. */
  static existing(
    manifest: Uint8Array,
    open: (blob: Descriptor) => AsyncIterable<Uint8Array>,
  ): Artifact {
    return new Artifact(manifest, parse(manifest, open));
  }

  get listed(): Listed {
    const annotated = Object.keys(this.annotations).length > 0;
    return {
      artifactType: this.artifactType,
      ...(annotated ? { annotations: this.annotations } : {}),
    };
  }
}

interface Found {
  readonly mediaType: string;
  readonly artifactType: string;
  readonly config: Blob;
  readonly layers: readonly Blob[];
  readonly subject: Descriptor | undefined;
  readonly annotations: Readonly<Record<string, string>>;
}

const EMPTY_BYTES = Buffer.from('{}');
const NOTHING: Blob = blobOf(
  { mediaType: EMPTY, digest: digestOf(EMPTY_BYTES), size: EMPTY_BYTES.byteLength },
  EMPTY_BYTES,
);

const plain = ({ mediaType, digest, size }: Descriptor): Descriptor => ({
  mediaType,
  digest,
  size,
});

function parse(bytes: Uint8Array, open: (blob: Descriptor) => AsyncIterable<Uint8Array>): Found {
  const manifest = parseObject(bytes, 'the manifest of the artifact', MAX_MANIFEST_BYTES);
  const { schemaVersion, mediaType = MEDIA_TYPES.manifest, layers, annotations } = manifest;
  if (schemaVersion !== 2 || typeof mediaType !== 'string' || !Array.isArray(layers))
    throw baseInvalid('The manifest of the artifact is malformed');
  if (!MANIFEST_TYPES.has(mediaType)) throw baseInvalid(`"${mediaType}" is not a manifest`);
  const config = parseDescriptor(manifest['config'], 'the configuration of the artifact');
  const { artifactType = config.mediaType, subject } = manifest;
  if (typeof artifactType !== 'string') throw baseInvalid('The type of the artifact is not text');
  const blob = (descriptor: Descriptor): Blob => ({ ...descriptor, open: () => open(descriptor) });
  return {
    mediaType,
    artifactType,
    config: blob(config),
    layers: layers.map((one) => blob(parseDescriptor(one, 'a layer of the artifact'))),
    subject: subject === undefined ? undefined : parseDescriptor(subject, 'the subject'),
    annotations: textsOf(annotations, 'the annotations of the artifact'),
  };
}

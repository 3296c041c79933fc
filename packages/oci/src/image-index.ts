import { canonicalJson, compareText } from '@nx-nixpack/base';
import type { Platform } from '@nx-nixpack/data';
import { baseInvalid } from './base-invalid.js';
import { descriptorOf, type Blob, type Content, type Listed } from './content.js';
import { parseDescriptor, parseObject, textsOf, type Descriptor } from './descriptor.js';
import { type Digest, digestOf } from './digest.js';
import { Image } from './image.js';
import { MAX_MANIFEST_BYTES } from './image-from.js';
import { INDEX_TYPES, MEDIA_TYPES } from './media-types.js';

const MAX_MANIFESTS = 1000;
const ANNOTATIONS = 'the annotations of the image index';

/** Images of one thing for several platforms, as a value: equal images, equal digest, in whatever order they are given. */
export class Index implements Content {
  readonly blobs: readonly Blob[] = [];
  readonly listed: Listed = {};
  readonly contents: readonly Content[];
  readonly manifest: Uint8Array;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly annotations: Readonly<Record<string, string>>;

  private constructor(
    contents: readonly Content[],
    manifest: Uint8Array,
    { mediaType, annotations }: { mediaType: string; annotations: Index['annotations'] },
  ) {
    this.contents = contents;
    this.manifest = manifest;
    this.digest = digestOf(manifest);
    this.mediaType = mediaType;
    this.annotations = annotations;
  }

  /** Throws an Error for no image, and for two images of one platform. */
  static of(images: readonly Image[], annotations: Index['annotations'] = {}): Index {
    const sorted = [...images].sort((a, b) => compareText(a.platform, b.platform));
    const twice = sorted.find(({ platform }, at) => platform === sorted[at - 1]?.platform);
    if (twice) throw new Error(`an index has one image for ${twice.platform}`);
    if (sorted.length === 0) throw new Error('an index lists at least one image');
    const text = canonicalJson({
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.index,
      manifests: sorted.map((image) => ({ ...descriptorOf(image), ...image.listed })),
      annotations: Object.keys(annotations).length > 0 ? annotations : undefined,
    });
    return new Index(sorted, Buffer.from(text), { mediaType: MEDIA_TYPES.index, annotations });
  }

  /** An index that exists already, with its exact bytes and what `entriesOf` found in it, in that order. */
  static existing(manifest: Uint8Array, contents: readonly Content[]): Index {
    const { mediaType, annotations } = parseIndex(manifest);
    return new Index(contents, manifest, { mediaType, annotations });
  }

  get images(): readonly Image[] {
    return this.contents.filter((content) => content instanceof Image);
  }

  imageFor(platform: Platform): Image | undefined {
    return this.images.find((image) => image.platform === platform);
  }
}

/** What an index lists, as it lists it. Throws UserError BASE_INVALID. */
export const entriesOf = (manifest: Uint8Array): readonly Descriptor[] =>
  parseIndex(manifest).entries;

function parseIndex(bytes: Uint8Array) {
  const index = parseObject(bytes, 'the image index', MAX_MANIFEST_BYTES);
  const { schemaVersion, mediaType = MEDIA_TYPES.index, manifests, annotations } = index;
  if (schemaVersion !== 2 || typeof mediaType !== 'string' || !Array.isArray(manifests))
    throw baseInvalid('The image index is malformed');
  if (!INDEX_TYPES.has(mediaType)) throw baseInvalid(`"${mediaType}" is not an image index`);
  if (manifests.length > MAX_MANIFESTS)
    throw baseInvalid('The image index lists too many manifests');
  const entries = manifests.map((entry) => parseDescriptor(entry, 'an entry of the image index'));
  return { mediaType, entries, annotations: textsOf(annotations, ANNOTATIONS) };
}

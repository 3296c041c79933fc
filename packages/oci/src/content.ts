import type { Digest } from './digest.js';
import type { Descriptor } from './descriptor.js';

/** Bytes that lie under their digest. Holding one never means holding the bytes: open() reads them when needed. */
export interface Blob extends Descriptor {
  open(): AsyncIterable<Uint8Array>;
}

/** What a manifest is the root of: an image, an index or an artifact. Registries and layouts take any of them. */
export interface Content {
  readonly mediaType: string;
  readonly digest: Digest;
  /** The exact bytes to push. */
  readonly manifest: Uint8Array;
  /** What the manifest names and no manifest is, configuration included. */
  readonly blobs: readonly Blob[];
  /** What an index lists; nothing for the others. */
  readonly contents: readonly Content[];
  /** What this says something about (OCI image specification, `subject`): it becomes one of its referrers. */
  readonly subject?: Descriptor | undefined;
  /** What the descriptor of this content says besides, wherever it is listed. */
  readonly listed: Listed;
}

export interface Listed {
  readonly platform?: { readonly architecture: string; readonly os: string };
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Every content below one and itself, each before what lists it. */
export function* contentsOf(content: Content): Generator<Content> {
  for (const inner of content.contents) yield* contentsOf(inner);
  yield content;
}

/** Every blob of a content and of all it lists, each once. */
export function blobsOf(content: Content): readonly Blob[] {
  const all = [...contentsOf(content)].flatMap(({ blobs }) => blobs);
  return [...new Map(all.map((blob) => [blob.digest, blob])).values()];
}

export const descriptorOf = ({ mediaType, digest, manifest }: Content): Descriptor => ({
  mediaType,
  digest,
  size: manifest.byteLength,
});

/** A blob that is held in memory. */
export const blobOf = (descriptor: Descriptor, bytes: Uint8Array): Blob => ({
  ...descriptor,
  async *open() {
    yield await Promise.resolve(bytes);
  },
});

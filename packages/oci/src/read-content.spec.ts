import { digestOf } from './digest.js';
import type { Descriptor } from './descriptor.js';
import { Artifact } from './artifact.js';
import { descriptorOf } from './content.js';
import { Image } from './image.js';
import { type Index } from './image-index.js';
import { MEDIA_TYPES } from './media-types.js';
import { readContent, type ContentSource } from './read-content.js';

const image = Image.scratch('linux/amd64');
const refused = { code: 'BASE_INVALID' };
const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const described = (mediaType: string, bytes: Uint8Array): Descriptor => ({
  mediaType,
  digest: digestOf(bytes),
  size: bytes.byteLength,
});
const indexOf = (...manifests: readonly Descriptor[]): Buffer =>
  bytesOf({ schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests });

/** Has some bytes by their digest, and counts what is taken of them. */
function source(...held: readonly Uint8Array[]): ContentSource & { taken: number } {
  const known = new Map(held.map((bytes) => [digestOf(bytes), bytes]));
  const given = {
    taken: 0,
    read({ digest }: Descriptor) {
      const bytes = known.get(digest) ?? Buffer.of();
      given.taken += bytes.byteLength;
      return Promise.resolve(bytes);
    },
    open: () => {
      throw new Error('no blob is opened');
    },
  };
  return given;
}
const read = (bytes: Uint8Array, from: ContentSource) =>
  readContent(described(MEDIA_TYPES.index, bytes), from);

describe('readContent', () => {
  it('reads an index of an image', async () => {
    const bytes = indexOf(descriptorOf(image));
    const found = await read(bytes, source(bytes, image.manifest, image.configBytes));
    expect((found as Index).images.map(({ digest }) => digest)).toEqual([image.digest]);
  });

  it('refuses a manifest of another size than its index says', async () => {
    const bytes = indexOf({ ...descriptorOf(image), size: image.manifest.byteLength + 1 });
    const held = source(bytes, image.manifest, image.configBytes);
    await expect(read(bytes, held)).rejects.toMatchObject(refused);
  });

  it('holds no more in memory than an index has a reason to make it', async () => {
    const config = bytesOf({
      ...JSON.parse(Buffer.from(image.configBytes).toString()),
      author: 'a'.repeat(4_000_000),
    });
    const manifest = bytesOf({
      ...JSON.parse(Buffer.from(image.manifest).toString()),
      config: described(MEDIA_TYPES.config, config),
    });
    const bytes = indexOf(...Array(1000).fill(described(MEDIA_TYPES.manifest, manifest)));
    const held = source(bytes, manifest, config);
    await expect(read(bytes, held)).rejects.toMatchObject(refused);
    expect(held.taken).toBeLessThan(100_000_000);
  });

  it('asks for no configuration that is larger than any is', async () => {
    const manifest = bytesOf({
      ...JSON.parse(Buffer.from(image.manifest).toString()),
      config: { ...image.configDescriptor, size: 1e12 },
    });
    const held = source(manifest, image.configBytes);
    const asImage = readContent(described(MEDIA_TYPES.manifest, manifest), held);
    await expect(asImage).rejects.toMatchObject(refused);
    expect(held.taken).toBe(manifest.byteLength);
  });

  it('refuses annotations that are not texts', async () => {
    const bytes = bytesOf({ schemaVersion: 2, manifests: [], annotations: { a: 1 } });
    await expect(read(bytes, source(bytes))).rejects.toMatchObject(refused);
  });

  it('takes nothing for a manifest that calls itself something else', async () => {
    const artifact = Artifact.of({ artifactType: 'text/plain' });
    const both = bytesOf({
      ...JSON.parse(Buffer.from(artifact.manifest).toString()),
      mediaType: MEDIA_TYPES.index,
      manifests: [descriptorOf(image)],
    });
    const asManifest = readContent(described(MEDIA_TYPES.manifest, both), source(both));
    await expect(asManifest).rejects.toMatchObject(refused);
    const other = bytesOf({ schemaVersion: 2, mediaType: MEDIA_TYPES.manifest, manifests: [] });
    await expect(read(other, source(other))).rejects.toMatchObject(refused);
  });
});

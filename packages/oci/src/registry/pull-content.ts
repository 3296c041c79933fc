import type { Reference } from '../reference.js';
import type { Artifact } from '../artifact.js';
import { OTHER_CONTENT, withHint } from '../base-invalid.js';
import { blobsOf } from '../content.js';
import type { Image } from '../image.js';
import type { Index } from '../image-index.js';
import { CONFIG_TYPES } from '../media-types.js';
import { readContent } from '../read-content.js';
import { Pull, readBlob, type PullAccess } from './pull.js';

/**
 * What a reference means, its blobs in the store: an image, an index with the images of all its platforms, or an artifact.
 * What the store has is not fetched again. Throws UserError.
 */
export const pullContent = (
  reference: Reference,
  options: PullAccess,
): Promise<Image | Index | Artifact> => withHint(OTHER_CONTENT, () => pullAll(reference, options));

async function pullAll(
  reference: Reference,
  options: PullAccess,
): Promise<Image | Index | Artifact> {
  const { store } = options;
  const pull = new Pull(reference, options);
  const { bytes, digest, mediaType } = await pull.manifest(await pull.resolve());
  const content = await readContent(
    { mediaType, digest, size: bytes.byteLength },
    {
      async read(descriptor, limit) {
        if (!CONFIG_TYPES.has(descriptor.mediaType))
          return (await pull.manifest(descriptor.digest)).bytes;
        await pull.blobs([descriptor]);
        return readBlob(store, descriptor.digest, limit);
      },
      open: (blob) => store.openBlob(blob.digest),
    },
  );
  await pull.blobs(blobsOf(content));
  return content;
}

import { silent, UserError } from '@nx-nixpack/base';
import type { Descriptor } from '../descriptor.js';
import { type Digest, isDigest } from '../digest.js';
import { MAX_CONFIG_BYTES, MAX_MANIFEST_BYTES } from '../image-from.js';
import type { Reference } from '../reference.js';
import type { RegistryAccess } from './access.js';
import { Connection } from './connection.js';
import { downloadBlob } from './download-blob.js';
import { inParallel, stoppable } from './in-parallel.js';
import { type FoundManifest, headManifest, mediaTypeOf, requireManifest } from './manifests.js';
import { digestMismatch } from './registry-failure.js';
import { wanted } from './resolve-image.js';
import { pullScope } from './token-scopes.js';

/** What pulling needs of a content store; `Store` is one. */
export interface BlobStore {
  has(digest: Digest): boolean;
  openBlob(digest: Digest): AsyncIterable<Uint8Array>;
  writeBlob(
    content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    expected?: { readonly digest?: Digest; readonly size?: number },
  ): Promise<{ digest: Digest; size: number }>;
}

const DOWNLOADS_AT_ONCE = 3;
/** How often content that is not what was announced is downloaded. */
const DIGEST_TRIES = 2;

export type PullAccess = RegistryAccess & { readonly store: BlobStore };

/** What one reference means, on its way into a store. */
export class Pull {
  readonly #reference: Reference;
  readonly #options: PullAccess;
  readonly #connection: Connection;
  readonly #stop = new AbortController();

  constructor(reference: Reference, options: PullAccess) {
    this.#reference = reference;
    this.#options = options;
    this.#connection = new Connection(reference, stoppable(options, this.#stop));
  }

  /** A tag is resolved once, here; from now on only digests are asked for. A HEAD can be answered by a store that has the rest. */
  async resolve(): Promise<Digest | string> {
    const name = wanted(this.#reference);
    return isDigest(name)
      ? name
      : ((await headManifest(this.#connection, name, this.#scopes)) ?? name);
  }

  /** A manifest of the store or the registry, which is then kept. */
  async manifest(name: Digest | string): Promise<FoundManifest> {
    const { store } = this.#options;
    if (isDigest(name) && store.has(name)) {
      const kept = await this.#kept(name);
      if (kept) return kept;
    }
    const found = await requireManifest(this.#connection, name, this.#scopes);
    await store.writeBlob([found.bytes], { digest: found.digest, size: found.bytes.byteLength });
    return found;
  }

  /** Downloads what the store lacks, each blob once. */
  async blobs(descriptors: readonly Descriptor[]): Promise<void> {
    const { store } = this.#options;
    const missing = new Map(
      descriptors.filter(({ digest }) => !store.has(digest)).map((blob) => [blob.digest, blob]),
    );
    await inParallel([...missing.values()], DOWNLOADS_AT_ONCE, this.#stop, (blob) =>
      this.#download(blob),
    );
  }

  get #scopes(): readonly string[] {
    return [pullScope(this.#reference.repository)];
  }

  async #kept(digest: Digest): Promise<FoundManifest | undefined> {
    try {
      const bytes = await readBlob(this.#options.store, digest, MAX_MANIFEST_BYTES);
      const url = this.#connection.urlOf(`manifests/${digest}`);
      return { bytes, digest, mediaType: mediaTypeOf({ method: 'GET', url }, bytes) };
    } catch (error) {
      // The store removed a damaged blob; it is fetched again.
      if (isCorrupt(error)) return undefined;
      throw error;
    }
  }

  async #download(blob: Descriptor): Promise<void> {
    const { store, progress = silent } = this.#options;
    progress.step(`download ${blob.digest} (${blob.size} bytes)`);
    for (let tried = 1; ; tried++) {
      try {
        await store.writeBlob(downloadBlob(this.#connection, blob), blob);
        return;
      } catch (error) {
        if (!isCorrupt(error)) throw error;
        if (tried === DIGEST_TRIES)
          throw digestMismatch(`The blob that the registry sent`, blob.digest, 'another one');
      }
    }
  }
}

const isCorrupt = (error: unknown): boolean =>
  error instanceof UserError && error.code === 'STORE_CORRUPT';

export async function readBlob(
  store: BlobStore,
  digest: Digest,
  limit = MAX_CONFIG_BYTES,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of store.openBlob(digest)) {
    size += chunk.byteLength;
    if (size > limit) throw new RangeError(`blob ${digest} is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

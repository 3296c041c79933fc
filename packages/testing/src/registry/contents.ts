import { sha256 } from './exchange.js';

export interface StoredManifest {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

interface Manifest {
  readonly subject?: { readonly digest: string };
  readonly artifactType?: string;
  readonly config?: { readonly mediaType: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Repository {
  readonly blobs: Set<string>;
  readonly manifests: Map<string, StoredManifest>;
  readonly tags: Map<string, string>;
}

/** What the registry holds. Blob bytes are shared; that a repository may serve them is its own. */
export class Contents {
  readonly #bytes = new Map<string, Buffer>();
  readonly #repositories = new Map<string, Repository>();

  /** Makes a blob part of a repository, for a test's set-up or a finished upload. */
  addBlob(repository: string, bytes: Uint8Array): string {
    const digest = sha256(bytes);
    this.#bytes.set(digest, Buffer.from(bytes));
    this.#at(repository).blobs.add(digest);
    return digest;
  }

  blob(repository: string, digest: string): Buffer | undefined {
    return this.#repositories.get(repository)?.blobs.has(digest)
      ? this.#bytes.get(digest)
      : undefined;
  }

  blobs(repository: string): readonly string[] {
    return [...(this.#repositories.get(repository)?.blobs ?? [])];
  }

  mount(repository: string, from: string, digest: string): boolean {
    if (this.blob(from, digest) === undefined) return false;
    this.#at(repository).blobs.add(digest);
    return true;
  }

  addManifest(repository: string, bytes: Uint8Array, mediaType: string, tag?: string): string {
    const digest = sha256(bytes);
    this.#at(repository).manifests.set(digest, { bytes: Buffer.from(bytes), mediaType });
    if (tag !== undefined) this.#at(repository).tags.set(tag, digest);
    return digest;
  }

  /** By tag or digest. */
  manifest(repository: string, reference: string): StoredManifest | undefined {
    const found = this.#repositories.get(repository);
    return found?.manifests.get(found.tags.get(reference) ?? reference);
  }

  /** Descriptors of the manifests that name this one as their subject. */
  referrers(repository: string, digest: string): readonly object[] {
    const manifests = [...(this.#repositories.get(repository)?.manifests ?? [])];
    return manifests.flatMap(([own, { bytes, mediaType }]) => {
      const { subject, artifactType, config, annotations } = JSON.parse(
        bytes.toString('utf8'),
      ) as Manifest;
      if (subject?.digest !== digest) return [];
      const type = artifactType ?? config?.mediaType;
      return { mediaType, digest: own, size: bytes.length, artifactType: type, annotations };
    });
  }

  tag(repository: string, tag: string): string | undefined {
    return this.#repositories.get(repository)?.tags.get(tag);
  }

  tags(repository: string): readonly string[] | undefined {
    const found = this.#repositories.get(repository);
    return found && [...found.tags.keys()].sort();
  }

  #at(repository: string): Repository {
    let found = this.#repositories.get(repository);
    if (found === undefined) {
      found = { blobs: new Set(), manifests: new Map(), tags: new Map() };
      this.#repositories.set(repository, found);
    }
    return found;
  }
}

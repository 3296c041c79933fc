import { UserError } from '@nx-nixpack/base';
import { baseInvalid } from '../base-invalid.js';
import { decompress } from '../compression/decompress.js';
import { type Digest, Digester } from '../digest.js';
import type { Layer } from '../image.js';

export interface LayerLimits {
  /** Largest tar, in bytes. */
  readonly bytes: number;
  /** Largest tar for one stored byte, from `ratioFrom` bytes on. */
  readonly ratio: number;
  readonly ratioFrom: number;
}

export const LAYER_LIMITS: LayerLimits = {
  bytes: 64 * 1024 ** 3,
  ratio: 200,
  ratioFrom: 64 * 1024 ** 2,
};

/**
 * The tar of a layer: decompressed, and checked while it is read. When this ends without an error, size, digest and
 * diff id are what the layer says; until then nothing is proven. Stops early at what is too large.
 * Throws UserError BASE_INVALID for a foreign layer, STORE_CORRUPT for one of ours.
 */
export async function* layerTar(
  layer: Layer,
  limits: LayerLimits = LAYER_LIMITS,
): AsyncGenerator<Uint8Array> {
  const stored = new Checked(layer);
  const diff = new Digester();
  let size = 0;
  for await (const chunk of readable(layer, stored)) {
    size += chunk.byteLength;
    if (size > limits.bytes) throw invalid(layer, `holds more than ${limits.bytes} bytes`);
    if (size > limits.ratioFrom && size > layer.size * limits.ratio)
      throw invalid(layer, `is more than ${limits.ratio} times as large as its compressed form`);
    diff.update(chunk);
    yield chunk;
  }
  stored.checkComplete();
  if (diff.digest() !== layer.diffId)
    throw invalid(layer, `has another content than its diff id ${layer.diffId} says`);
}

/** Errors of the decompressor become ours; those of the source stay what they are. */
async function* readable(layer: Layer, stored: Checked): AsyncGenerator<Uint8Array> {
  try {
    yield* decompress(stored.read());
  } catch (error) {
    if (stored.failed || error instanceof UserError) throw error;
    throw invalid(layer, 'cannot be decompressed', error);
  }
}

/** The stored bytes on their way to the decompressor. */
class Checked {
  readonly #layer: Layer;
  readonly #digester = new Digester();
  #size = 0;
  #digest: Digest | undefined;
  /** Set when the source itself failed. */
  failed = false;

  constructor(layer: Layer) {
    this.#layer = layer;
  }

  async *read(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of this.#layer.open()) {
        this.#size += chunk.byteLength;
        if (this.#size > this.#layer.size) throw invalid(this.#layer, 'is longer than announced');
        this.#digester.update(chunk);
        yield chunk;
      }
    } catch (error) {
      this.failed = true;
      throw error;
    }
    this.#digest = this.#digester.digest();
  }

  checkComplete(): void {
    if (this.#digest === undefined) throw invalid(this.#layer, 'goes on after its end');
    if (this.#size !== this.#layer.size) throw invalid(this.#layer, 'is shorter than announced');
    if (this.#digest !== this.#layer.digest)
      throw invalid(this.#layer, 'has another content than its digest says');
  }
}

function invalid(layer: Layer, message: string, cause?: unknown): UserError {
  if (layer.origin === 'base') return baseInvalid(`Layer ${layer.digest} ${message}`, cause);
  const hint = 'Run the task again; when it fails in the same way, remove the store directory.';
  return new UserError(
    { code: 'STORE_CORRUPT', message: `Layer ${layer.digest} ${message}`, hint },
    cause === undefined ? {} : { cause },
  );
}

import { UserError } from '@nx-nixpack/base';
import type { Layer } from '../image.js';
import { describePlace } from '../tar/entry-place.js';
import { TarReader, type TarReceiver } from '../tar/tar-reader.js';
import { LAYER_LIMITS, type LayerLimits, layerTar } from './layer-tar.js';

export interface ReadLayerOptions {
  readonly limits?: LayerLimits;
  /** Gets every piece of the tar, after the entries in it. */
  readonly onTar?: (piece: Uint8Array) => void;
}

/**
 * Reads the entries of a layer. When this ends without an error, the layer is what its digests say.
 * Every BASE_INVALID and STORE_CORRUPT names the layer, the entry at which it was found, and the offset in the tar.
 */
export async function readLayer(
  layer: Layer,
  receiver: TarReceiver,
  { limits = LAYER_LIMITS, onTar }: ReadLayerOptions = {},
): Promise<void> {
  const reader = new TarReader(receiver, `Layer ${layer.digest}`);
  for await (const piece of located(layerTar(layer, limits), reader)) {
    reader.write(piece);
    onTar?.(piece);
  }
  reader.end();
}

/** Adds to what is wrong with a layer as a whole how far it was read. */
async function* located(
  tar: AsyncIterable<Uint8Array>,
  reader: TarReader,
): AsyncGenerator<Uint8Array> {
  try {
    yield* tar;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, hint } = error;
    if (code !== 'BASE_INVALID' && code !== 'STORE_CORRUPT') throw error;
    const read = `${message}; read up to ${describePlace(reader.place)}`;
    throw new UserError({ code, message: read, hint }, { cause: error });
  }
}

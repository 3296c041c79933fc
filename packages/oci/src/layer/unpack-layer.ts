import { resolve } from 'node:path';
import { type ByteString, type Entry, UserError } from '@nx-nixpack/base';
import type { Layer } from '../image.js';
import { type LayerLimits, LAYER_LIMITS, layerTar } from './layer-tar.js';
import { TarReader } from '../tar/tar-reader.js';
import { Unpacker } from './unpacker.js';

export interface UnpackOptions {
  /** `.wh.NAME` removes NAME of the layers below; the marker itself is not kept. The only way for now. */
  readonly whiteouts?: 'apply';
  /** Makes a device or FIFO at a path of the disk; Node cannot. Without it those below dev/ are left out, others are refused. */
  readonly mknod?: (path: Buffer, entry: Entry) => void | Promise<void>;
  /** Sets `security.capability`; Node cannot. Without it capabilities are left out. Other attributes are always left out. */
  readonly setXattr?: (path: Buffer, name: string, value: Uint8Array) => void | Promise<void>;
  readonly limits?: LayerLimits;
}

/**
 * Unpacks a layer over what the layers below it have left in a directory, as root: ids, modes, times, hard links.
 * Nothing outside the directory is read or written, whatever the layer holds; nobody else may write to it meanwhile.
 * After a failure (UserError BASE_INVALID, STORE_CORRUPT) the directory is to be thrown away: a digest proves itself only at the end.
 */
export async function unpackLayer(
  layer: Layer,
  directory: string,
  options: UnpackOptions = {},
): Promise<void> {
  const unpacker = new Unpacker(resolve(directory), layer.digest);
  try {
    const reader = new TarReader(unpacker, layer.digest);
    for await (const chunk of layerTar(layer, options.limits ?? LAYER_LIMITS)) reader.write(chunk);
    reader.end();
    await makeSpecial(unpacker, options);
    unpacker.finish();
  } finally {
    unpacker.close();
  }
}

/** What Node cannot make is left to the caller, after everything else, because it may take a process. */
async function makeSpecial(unpacker: Unpacker, { mknod, setXattr }: UnpackOptions): Promise<void> {
  for (const [path, entry] of unpacker.special()) {
    if (mknod !== undefined) await mknod(path, entry);
    else if (!entry.path.startsWith('dev/')) throw unsupported(entry.path, entry.type);
  }
  for (const [path, value] of unpacker.capabilities())
    await setXattr?.(path, 'security.capability', value);
}

function unsupported(path: ByteString, type: string): UserError {
  return new UserError({
    code: 'UNSUPPORTED',
    message: `the layer holds the ${type} ${JSON.stringify(path)}, which cannot be made here`,
    hint: 'Choose a base image without devices outside of /dev.',
  });
}

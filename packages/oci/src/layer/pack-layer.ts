import { type ByteString, bytesOf, type Entry, sanitize, UserError } from '@nx-nixpack/base';
import { BlockGzip } from '../compression/block-gzip.js';
import { Digester } from '../digest.js';
import type { Layer } from '../image.js';
import { MEDIA_TYPES } from '../media-types.js';
import type { BlobWriter } from '../store/blob-writer.js';
import type { Store } from '../store/store.js';
import { paddingOf } from '../tar/tar-format.js';
import { encodeHeader, TAR_END } from '../tar/tar-writer.js';
import { layerFromStore } from './layer-from-store.js';
import { compareWalk } from './walk-order.js';

/** An entry with its content. */
export interface PackEntry extends Entry {
  /** The content of a file that is not empty, in pieces. */
  open?(): Iterable<Uint8Array>;
}

export interface PackOptions {
  /** Becomes the layer's name. */
  readonly name?: string;
  /** Modification time of every entry, in whole seconds since 1970. */
  readonly mtime: number;
  readonly signal?: AbortSignal;
}

const ZEROS = new Uint8Array(512);

/**
 * Packs entries into a layer in canonical form and puts it into the store: equal entries give equal bytes. Memory does
 * not grow with the size of the layer. Entries must come in walk order, each path once; whiteouts are entries like others.
 * Throws UserError SOURCE_CHANGED when a file's content has another size than its entry says.
 */
export async function packLayer(
  entries: Iterable<PackEntry>,
  store: Store,
  options: PackOptions,
): Promise<Layer> {
  const blob = store.newBlob();
  try {
    const diff = new Digester();
    await writeTar(entries, options, blob, diff);
    options.signal?.throwIfAborted();
    const { digest, size } = blob.commit();
    const parts = {
      mediaType: MEDIA_TYPES.layerGzip,
      digest,
      size,
      diffId: diff.digest(),
      origin: 'own',
    } as const;
    return layerFromStore(
      store,
      options.name === undefined ? parts : { ...parts, name: options.name },
    );
  } finally {
    blob.abort();
  }
}

async function writeTar(
  entries: Iterable<PackEntry>,
  { mtime, signal }: PackOptions,
  blob: BlobWriter,
  diff: Digester,
): Promise<void> {
  const gzip = new BlockGzip(
    (compressed) => blob.write(compressed),
    (tar) => diff.update(tar),
  );
  let previous: ByteString | undefined;
  for (const entry of entries) {
    checkOrder(previous, entry.path);
    previous = entry.path;
    gzip.write(encodeHeader(entry, mtime));
    if (entry.type === 'file' && entry.size > 0) await writeContent(entry, gzip, signal);
    if (gzip.busy) await pause(gzip, signal);
  }
  gzip.write(TAR_END);
  await gzip.end();
}

async function writeContent(
  entry: PackEntry,
  gzip: BlockGzip,
  signal: AbortSignal | undefined,
): Promise<void> {
  let left = entry.size;
  for (const piece of contentOf(entry)) {
    left -= piece.byteLength;
    if (left < 0) throw changed(entry.path);
    gzip.write(piece);
    if (gzip.busy) await pause(gzip, signal);
  }
  if (left !== 0) throw changed(entry.path);
  const padding = paddingOf(entry.size);
  if (padding > 0) gzip.write(ZEROS.subarray(0, padding));
}

function contentOf(entry: PackEntry): Iterable<Uint8Array> {
  if (entry.open === undefined) throw new Error(`the file ${entry.path} has a size but no content`);
  return entry.open();
}

async function pause(gzip: BlockGzip, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await gzip.settle();
}

function checkOrder(previous: ByteString | undefined, path: ByteString): void {
  if (previous !== undefined && compareWalk(previous, path) >= 0)
    throw new Error(`entries of a layer are not in walk order: ${path} after ${previous}`);
}

function changed(path: ByteString): UserError {
  return new UserError({
    code: 'SOURCE_CHANGED',
    message: `${sanitize(bytesOf(path).toString('utf8'))} changed while it was read`,
    hint: 'Run the task again when nothing writes to the source.',
  });
}

import { closeSync, constants, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type ByteString, compareBytes, type Entry, type FileTree } from '@nx-nixpack/base';
import type { Digest } from '../digest.js';
import type { Layer } from '../image.js';
import { ImageBudget } from '../layer/image-budget.js';
import { LayerRules } from '../layer/layer-rules.js';
import { readLayer } from '../layer/read-layer.js';
import { MergedTree, type TreeNode } from './merged-tree.js';

/** Bytes that a reader of a file gets at once. */
const CHUNK = 1024 * 1024;
/** Linux: a file without a name. Not among Node's constants. */
const O_TMPFILE = 0o20_000_000 | constants.O_DIRECTORY;

/** The merged root of an image. Hard links appear as files. To be closed after use. */
export interface ImageTree extends FileTree {
  /** The layer that gave an entry, undefined for what is absent and for the root when no layer holds it. */
  layerOf(path: ByteString): Digest | undefined;
  close(): void;
}

/**
 * Reads layers, the lowest first, into one tree. Each is decompressed once, into a nameless file on the scratch
 * directory's file system, and checked; so nothing is left there, whatever happens.
 * Throws UserError BASE_INVALID or STORE_CORRUPT.
 */
export async function openImageTree(
  layers: readonly Layer[],
  scratchDirectory: string,
): Promise<ImageTree> {
  const files: number[] = [];
  const close = () => files.splice(0).forEach((file) => closeSync(file));
  try {
    const tree = new MergedTree();
    const budget = new ImageBudget();
    mkdirSync(scratchDirectory, { recursive: true });
    for (const layer of layers) {
      const file = namelessFile(scratchDirectory);
      files.push(file);
      await addLayer(tree, layer, file, budget);
    }
    return new OpenTree(tree, close);
  } catch (error) {
    close();
    throw error;
  }
}

async function addLayer(
  tree: MergedTree,
  layer: Layer,
  file: number,
  budget: ImageBudget,
): Promise<void> {
  tree.beginLayer(layer.digest, file);
  const rules = new LayerRules(tree, budget);
  const receiver = { entry: rules.place.bind(rules), content: () => {} };
  await readLayer(layer, receiver, {
    onTar: (piece) => {
      for (let at = 0; at < piece.byteLength;)
        at += writeSync(file, piece, at, piece.byteLength - at);
    },
  });
}

class OpenTree implements ImageTree {
  readonly #tree: MergedTree;
  readonly close: () => void;

  constructor(tree: MergedTree, close: () => void) {
    this.#tree = tree;
    this.close = close;
  }

  *list(directory: ByteString): Generator<Entry> {
    const node = this.#tree.at(directory);
    const names = [...(node?.children.keys() ?? [])].sort(compareBytes);
    for (const name of names) yield (node?.children.get(name) as TreeNode).entry;
  }

  entry(path: ByteString): Entry | undefined {
    return this.#tree.at(path)?.entry;
  }

  layerOf(path: ByteString): Digest | undefined {
    return this.#tree.at(path)?.layer;
  }

  *open(path: ByteString): Generator<Uint8Array> {
    const node = this.#tree.at(path);
    if (node?.meta.type !== 'file') throw new Error(`${path} is not a file of the image`);
    const { file, offset, size } = node;
    for (let done = 0; done < size;) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK, size - done));
      const read = readSync(file, chunk, 0, chunk.byteLength, offset + done);
      if (read === 0) throw new Error(`${path} ends early`);
      yield chunk.subarray(0, read);
      done += read;
    }
  }
}

function namelessFile(directory: string): number {
  try {
    return openSync(directory, O_TMPFILE | constants.O_RDWR, 0o600);
  } catch {
    // Not every file system can do that.
    const path = join(directory, `.tmp-${randomBytes(8).toString('hex')}`);
    const file = openSync(path, 'wx+', 0o600);
    rmSync(path);
    return file;
  }
}

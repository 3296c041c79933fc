import { resolve } from 'node:path';
import type { TarReceiver } from '../tar/tar-reader.js';
import { DiskTree } from './disk-tree.js';
import { ImageBudget } from './image-budget.js';
import { LayerRules } from './layer-rules.js';

/**
 * Puts the entries that `read` hands over into a directory, as root, in the way of a layer: links are followed inside it, and
 * nothing outside is read or written. The caller refuses what it does not want there; devices are left out.
 * Nobody else may write to the directory meanwhile, and after a failure it is to be thrown away.
 */
export async function unpackEntries(
  directory: string,
  read: (receiver: TarReceiver) => Promise<void>,
): Promise<void> {
  const tree = new DiskTree(resolve(directory));
  try {
    const rules = new LayerRules(tree, new ImageBudget());
    await read({ entry: rules.place.bind(rules), content: tree.content.bind(tree) });
    tree.finish();
  } finally {
    tree.close();
  }
}

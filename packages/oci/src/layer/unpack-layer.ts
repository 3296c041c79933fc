import { constants, closeSync, openSync, readlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Layer } from '../image.js';
import { CAPABILITY, DiskTree } from './disk-tree.js';
import { ImageBudget } from './image-budget.js';
import { LayerRules } from './layer-rules.js';
import type { LayerLimits } from './layer-tar.js';
import { readLayer } from './read-layer.js';
import { makeSpecialFiles, type SpecialFiles } from './special-files.js';

export interface UnpackOptions {
  /** `.wh.NAME` removes NAME of the layers below; the marker itself is not kept. The only way for now. */
  readonly whiteouts?: 'apply';
  /** Makes devices and FIFOs; Node cannot. Without it those below dev/ are left out, others are refused. */
  readonly special?: SpecialFiles;
  /**
   * Sets `security.capability`; Node cannot. `path` leads to the open file itself, for children of this process too,
   * during the call only. Without it capabilities are left out. Other attributes are always left out.
   */
  readonly setXattr?: (path: string, name: string, value: Uint8Array) => void | Promise<void>;
  readonly limits?: LayerLimits;
  /** What all layers of the image may cost together; each layer its own when absent. */
  readonly budget?: ImageBudget;
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
  const tree = new DiskTree(resolve(directory));
  try {
    const rules = new LayerRules(tree, options.budget ?? new ImageBudget());
    const receiver = {
      entry: rules.place.bind(rules),
      content: tree.content.bind(tree),
    };
    await readLayer(layer, receiver, options.limits ? { limits: options.limits } : {});
    await makeSpecialFiles(tree, options.special);
    await setCapabilities(tree, options.setXattr);
    tree.finish();
  } finally {
    tree.close();
  }
}

async function setCapabilities(tree: DiskTree, set: UnpackOptions['setXattr']): Promise<void> {
  if (set === undefined) return;
  // The number of this process as this proc file system counts.
  const handles = `/proc/${readlinkSync('/proc/self')}/fd`;
  for (const [{ entry }, [place]] of tree.postponed) {
    const value = entry.xattrs?.get(CAPABILITY);
    if (entry.type !== 'file' || value === undefined || place === undefined) continue;
    const path = tree.handles.at(place.directory, place.name);
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      await set(`${handles}/${file}`, CAPABILITY, value);
    } finally {
      closeSync(file);
    }
  }
}

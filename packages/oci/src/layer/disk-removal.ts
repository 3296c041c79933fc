import { rmdirSync, unlinkSync } from 'node:fs';
import type { ByteString } from '@nx-nixpack/base';
import type { DiskDirectory } from './disk-directory.js';
import type { DirectoryHandles } from './directory-handles.js';
import type { Found } from './layered-tree.js';

/** What removing needs of the tree. */
interface Removable {
  readonly handles: DirectoryHandles;
  find(directory: DiskDirectory, name: ByteString): Found<DiskDirectory> | undefined;
  /** Names in a directory as it is on the disk now. */
  namesIn(directory: DiskDirectory): ByteString[];
}

/** Removes a name, and all that is below it. */
export function removeFrom(tree: Removable, directory: DiskDirectory, name: ByteString): void {
  const found = tree.find(directory, name);
  if (found?.kind === 'directory') removeDirectory(tree, found.directory);
  else if (found !== undefined) unlink(tree, directory, name);
}

/** Not by recursion: a layer decides how deep its directories are. */
function removeDirectory(tree: Removable, top: DiskDirectory): void {
  const left = [{ directory: top, names: tree.namesIn(top) }];
  for (let last = left.at(-1); last !== undefined; last = left.at(-1)) {
    const { directory, names } = last;
    const name = names.pop();
    const found = name === undefined ? undefined : tree.find(directory, name);
    if (name === undefined) removeEmpty(tree, (left.pop() ?? last).directory);
    else if (found?.kind === 'directory')
      left.push({ directory: found.directory, names: tree.namesIn(found.directory) });
    else unlink(tree, directory, name);
  }
}

function removeEmpty({ handles }: Removable, directory: DiskDirectory): void {
  handles.release(directory);
  const parent = directory.parent as DiskDirectory;
  rmdirSync(handles.at(parent, directory.name));
  parent.forget(directory.name);
  directory.isGone = true;
}

function unlink({ handles }: Removable, directory: DiskDirectory, name: ByteString): void {
  directory.forget(name);
  unlinkSync(handles.at(directory, name));
}

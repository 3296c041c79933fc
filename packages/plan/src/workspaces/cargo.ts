import { memberOf, parseToml } from '@nx-nixpack/data';
import type { Ecosystem } from './ecosystem.js';
import { dataAt, namesMember } from './manifest-data.js';
import { VERSION_FILES } from './shared-files.js';
import { joinDirectories } from './workspace-path.js';

/** Recognized only: https://doc.rust-lang.org/cargo/reference/workspaces.html */
export const cargo: Ecosystem = {
  name: 'Cargo',
  manifest: 'Cargo.toml',
  decidedBy: ['Cargo.toml'],
  shared: VERSION_FILES,

  claim(tree, { at, directory }) {
    const path = joinDirectories(at, 'Cargo.toml');
    const workspace = memberOf(dataAt(tree, path, parseToml), 'workspace');
    return namesMember(workspace, directory) ? path : undefined;
  },
};

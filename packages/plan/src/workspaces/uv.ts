import { memberOf, parseToml } from '@nx-nixpack/data';
import type { Ecosystem } from './ecosystem.js';
import { dataAt, namesMember } from './manifest-data.js';
import { VERSION_FILES } from './shared-files.js';
import { joinDirectories } from './workspace-path.js';

/** Recognized only: https://docs.astral.sh/uv/concepts/projects/workspaces/ */
export const uv: Ecosystem = {
  name: 'uv',
  manifest: 'pyproject.toml',
  decidedBy: ['pyproject.toml'],
  shared: ['uv.lock', ...VERSION_FILES],

  claim(tree, { at, directory }) {
    const path = joinDirectories(at, 'pyproject.toml');
    const workspace = ['tool', 'uv', 'workspace'].reduce(memberOf, dataAt(tree, path, parseToml));
    return namesMember(workspace, directory) ? path : undefined;
  },
};

import { anyValue, memberOf, parseToml, type DataNode } from '@nx-nixpack/data';

import type { RuntimeWish } from '../../plan/build-plan.js';
import { textOf, tryManifest } from '../../source/manifest.js';
import type { SourceTree } from '../../source/source-tree.js';
import { setting } from '../environment.js';
import { pinnedFile, pinnedTool, wishOf, type Pin } from '../../source/pinned-tool.js';
import { pinnedLimit, type Limit } from './pins.js';
import type { Environment } from '../provider.js';

const PIPFILE = /^\s*python_(?:full_)?version\s*=\s*["']([^"'*]+)["']/m;
/** Versions that are no releases of CPython, as pyenv writes them. */
const OF_DEVELOPMENT = /(?:-dev|(?:a|b|rc)\d+|t)$/;

/** Python as the source asks for it, most explicit first: the files that nixpacks reads, then what else names a version. */
export function pythonRuntimes(source: SourceTree, env: Environment): readonly RuntimeWish[] {
  const variable = setting(env, 'PYTHON_VERSION');
  const project = tryManifest(source, 'pyproject.toml', parseToml, anyValue);
  const said = wishOf(
    'python',
    variable === undefined ? undefined : { version: variable, from: 'NIXPACKS_PYTHON_VERSION' },
    versionFile(source),
    pinnedFile(source, 'runtime.txt'),
    pipfile(source),
    pinnedTool(source, ['python']),
  );
  if (said.length > 0) return said;
  const range =
    member(project, ['project', 'requires-python']) ??
    member(project, ['tool', 'poetry', 'dependencies', 'python']);
  return wishOf('python', limited(range, pinnedLimit(source)));
}

/** What is left open goes no further than the pinned dependencies do. */
function limited(range: Pin | undefined, limit: Limit | undefined): Pin | undefined {
  if (limit === undefined || range?.version.includes('|')) return range;
  const below = `<${limit.below}`;
  if (range === undefined) return { version: below, from: limit.because };
  return { version: `${range.version},${below}`, from: `${range.from} and ${limit.because}` };
}

/** pyenv's file may name several; the first is what `python` means. */
function versionFile(source: SourceTree): Pin | undefined {
  const found = pinnedFile(source, '.python-version');
  if (found === undefined || found.version === 'system') return undefined;
  return { ...found, version: found.version.replace(OF_DEVELOPMENT, '') };
}

function pipfile(source: SourceTree): Pin | undefined {
  const version = PIPFILE.exec(textOf(source, 'Pipfile'))?.[1];
  return version === undefined ? undefined : { version, from: 'Pipfile' };
}

function member(manifest: DataNode | undefined, path: readonly string[]): Pin | undefined {
  const node = path.reduce<DataNode | undefined>((at, key) => memberOf(at, key), manifest);
  const found = node?.kind === 'map' ? memberOf(node, 'version') : node;
  if (found?.kind !== 'text') return undefined;
  return { version: String(found.value), from: `${path.slice(-2).join('.')} of pyproject.toml` };
}

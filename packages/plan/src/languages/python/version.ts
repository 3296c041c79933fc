import { setting } from '../environment.js';
import type { Decision } from '../../plan/explanation.js';
import { ARCHIVES } from '../../plan/nixpkgs-archives.js';
import { trimmed, WHITE } from '../../source/plain-text.js';
import type { Environment } from '../provider.js';
import type { SourceTree } from '../../source/source-tree.js';
import { toolVersion } from './tool-versions.js';

/** Packages by major and minor version. Origin: nixpacks 1.41.0 (2025). */
export const PYTHON_VERSIONS = {
  '3.13': { package: 'python313', archive: ARCHIVES.python },
  '3.12': { package: 'python312', archive: ARCHIVES.python },
  '3.11': { package: 'python311', archive: ARCHIVES.python },
  '3.10': { package: 'python310', archive: ARCHIVES.python },
  '3.9': { package: 'python39', archive: ARCHIVES.default },
  '3.8': { package: 'python38', archive: ARCHIVES.default },
  '3.7': { package: 'python37', archive: ARCHIVES.default },
  '2.7': { package: 'python27', archive: ARCHIVES.default },
} as const;
const DEFAULT = { package: 'python3', archive: ARCHIVES.python } as const;

const VERSION = new RegExp(`^[${WHITE}A-Za-z"'-]*([0-9]+)\\.+([0-9]+)(?:\\.+[0-9]*)?["']?$`);
const PIPFILE_VERSION = /python_(?:full_)?version = ['"|]([0-9.|]*)/;

export interface PythonVersion {
  readonly package: string;
  readonly archive: string;
  readonly decision: Decision;
}

/** Which Python a source wants. */
export function pythonVersion(source: SourceTree, env: Environment): PythonVersion {
  const [because, text] = wantedVersion(source, env);
  const key = parseVersion(text ?? '')?.join('.') ?? '';
  const known = Object.hasOwn(PYTHON_VERSIONS, key);
  const found = known ? PYTHON_VERSIONS[key as keyof typeof PYTHON_VERSIONS] : DEFAULT;
  const warning =
    known || text === undefined ? {} : { warning: `"${text}" is not a version that is known` };
  return {
    ...found,
    decision: { subject: 'python version', choice: found.package, because, ...warning },
  };
}

type Wanted = readonly [because: string, text: string | undefined];

/** `.python-version` yields to the variable; the other files beat it (quirk Q14). */
function wantedVersion(source: SourceTree, env: Environment): Wanted {
  const variable = setting(env, 'PYTHON_VERSION');
  if (variable === undefined && source.has('.python-version'))
    return fromFile(source, '.python-version');
  if (source.has('runtime.txt')) return fromFile(source, 'runtime.txt');
  if (source.has('Pipfile'))
    return ['Pipfile', PIPFILE_VERSION.exec(source.read('Pipfile') ?? '')?.[1]];
  // Of what asdf knows, major and minor count; a file without Python clears the variable, as a Pipfile does.
  if (source.has('.tool-versions'))
    return ['.tool-versions', toolVersion(source, 'python')?.split('.').slice(0, 2).join('.')];
  return variable === undefined
    ? ['the default', undefined]
    : ['NIXPACKS_PYTHON_VERSION', variable];
}

const fromFile = (source: SourceTree, file: string): Wanted => [file, source.read(file)];

/** Major and minor of a version as tools write it: `3.12`, `python-3.12.1`, `"3.12"`. */
export function parseVersion(text: string): readonly [major: string, minor: string] | undefined {
  const [, major, minor] = VERSION.exec(trimmed(text)) ?? [];
  return major === undefined || minor === undefined ? undefined : [major, minor];
}

import type { Phase } from '../../plan/build-plan.js';
import { setupPhase } from '../../plan/phase.js';
import type { Provider } from '../provider.js';
import { pythonHints } from './hints.js';
import { installMethod, pythonInstall, VENV } from './install.js';
import { pythonStart } from './start.js';
import { isDjango, usesMysql, usesPackage, usesPostgres } from './uses.js';
import { pythonVersion } from './version.js';
import type { PythonVersion } from './version.js';
import { toolVersion } from './tool-versions.js';
import type { SourceTree } from '../../source/source-tree.js';

/** Versions of tools that are used when nothing else is said. Origin: nixpacks 1.41.0 (2025). */
export const PYTHON_DEFAULTS = { poetry: '1.3.1', pdm: '2.13.3', uv: '0.4.30' } as const;
const DETECTED_BY = ['main.py', 'requirements.txt', 'pyproject.toml', 'Pipfile'] as const;

export const python: Provider = {
  name: 'python',

  detect: (source) => DETECTED_BY.some((file) => source.has(file)),

  plan(source, env, context) {
    const version = pythonVersion(source, env);
    const method = installMethod(source, env);
    const start = pythonStart(source, context);
    return {
      plan: {
        variables: variables(source),
        phases: { setup: setup(source, version), install: pythonInstall(source, method.choice) },
        ...(start.choice === undefined ? {} : { start: { cmd: start.choice } }),
      },
      labels: labels(source),
      hints: pythonHints(source, env, method.choice),
      decisions: [version.decision, method, start],
    };
  },
};

function setup(source: SourceTree, version: PythonVersion): Phase {
  const when = (condition: boolean, name: string): readonly string[] => (condition ? [name] : []);
  const packages = [
    version.package,
    ...when(usesPostgres(source), 'postgresql_16.dev'),
    ...when(isDjango(source) && usesMysql(source), 'libmysqlclient.dev'),
    ...when(source.has('Pipfile'), 'pipenv'),
    ...when(usesPackage(source, 'pydub'), 'ffmpeg-headless'),
    ...when(usesPackage(source, 'pdf2image'), 'poppler_utils'),
    'gcc',
  ];
  const nixLibs = [...when(usesPackage(source, 'cairo'), 'cairo'), 'zlib', 'stdenv.cc.cc.lib'];
  return setupPhase(packages, { nixLibs, nixpkgsArchive: version.archive });
}

/** The tools' versions depend on the lock files alone, not on the method that is used. */
function variables(source: SourceTree): Readonly<Record<string, string>> {
  const { poetry, pdm, uv } = PYTHON_DEFAULTS;
  return {
    PYTHONFAULTHANDLER: '1',
    PYTHONUNBUFFERED: '1',
    PYTHONHASHSEED: 'random',
    PYTHONDONTWRITEBYTECODE: '1',
    PIP_NO_CACHE_DIR: '1',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_DEFAULT_TIMEOUT: '100',
    ...(source.has('poetry.lock') && {
      NIXPACKS_POETRY_VERSION: toolVersion(source, 'poetry') ?? poetry,
    }),
    ...(source.has('pdm.lock') && { NIXPACKS_PDM_VERSION: pdm }),
    ...(source.has('uv.lock') && {
      NIXPACKS_UV_VERSION: toolVersion(source, 'uv') ?? uv,
      UV_PROJECT_ENVIRONMENT: VENV,
    }),
  };
}

function labels(source: SourceTree): readonly string[] {
  return [
    ...(isDjango(source) ? ['django'] : []),
    ...(usesPostgres(source) ? ['postgres'] : []),
    ...(source.has('poetry.lock') ? ['poetry'] : []),
    ...(source.has('pdm.lock') ? ['pdm'] : []),
  ];
}

import type { Phase } from '../../plan/build-plan.js';
import { setting } from '../environment.js';
import type { Decision } from '../../plan/explanation.js';
import { installPhase } from '../../plan/phase.js';
import type { Environment } from '../provider.js';
import type { SourceTree } from '../../source/source-tree.js';

export const VENV = '/opt/venv';
const ACTIVATE = `python -m venv --copies ${VENV} && . ${VENV}/bin/activate && `;
const PIP_CACHE = '/root/.cache/pip';

const INSTALL_METHODS = [
  'requirements',
  'setuptools',
  'poetry',
  'pdm',
  'uv',
  'pipenv',
  'skip',
] as const;
export type InstallMethod = (typeof INSTALL_METHODS)[number];

const PYPROJECT_LOCKS = [
  ['poetry.lock', 'poetry'],
  ['pdm.lock', 'pdm'],
  ['uv.lock', 'uv'],
] as const;

/** How dependencies are installed. */
export function installMethod(
  source: SourceTree,
  env: Environment,
): Decision & { readonly choice: InstallMethod } {
  const subject = 'package manager';
  const wanted = setting(env, 'PYTHON_PACKAGE_MANAGER')?.toLowerCase();
  const named = INSTALL_METHODS.find((method) => method === wanted);
  if (named !== undefined)
    return { subject, choice: named, because: 'NIXPACKS_PYTHON_PACKAGE_MANAGER' };
  const [choice, because] = methodByFiles(source);
  const unknown = wanted !== undefined && wanted !== 'auto';
  return { subject, choice, because, ...(unknown ? { warning: `"${wanted}" is not known` } : {}) };
}

function methodByFiles(source: SourceTree): readonly [InstallMethod, string] {
  if (source.has('requirements.txt')) return ['requirements', 'requirements.txt'];
  if (source.has('pyproject.toml')) {
    const lock = PYPROJECT_LOCKS.find(([file]) => source.has(file));
    return lock === undefined
      ? ['setuptools', 'pyproject.toml without a lock file']
      : [lock[1], lock[0]];
  }
  return source.has('Pipfile') ? ['pipenv', 'Pipfile'] : ['skip', 'no file names dependencies'];
}

const COMMANDS: Readonly<Record<Exclude<InstallMethod, 'skip' | 'pipenv'>, string>> = {
  requirements: 'pip install -r requirements.txt',
  poetry:
    'pip install poetry==$NIXPACKS_POETRY_VERSION && poetry install --no-dev --no-interaction --no-ansi',
  pdm: 'pip install pdm==$NIXPACKS_PDM_VERSION && pdm install --prod',
  uv: 'pip install uv==$NIXPACKS_UV_VERSION && uv sync --no-dev --frozen',
  setuptools: 'pip install --upgrade build setuptools && pip install .',
};

const CACHES: Readonly<Partial<Record<InstallMethod, readonly string[]>>> = {
  pdm: ['/root/.cache/pdm', PIP_CACHE],
  uv: ['/root/.cache/uv'],
};

/** The install phase of a method. */
export function pythonInstall(source: SourceTree, method: InstallMethod): Phase {
  if (method === 'skip') return installPhase([]);
  return installPhase([`${ACTIVATE}${method === 'pipenv' ? pipenv(source) : COMMANDS[method]}`], {
    cacheDirectories: CACHES[method] ?? [PIP_CACHE],
    paths: [`${VENV}/bin`],
    ...(method === 'setuptools' ? { onlyIncludeFiles: ['pyproject.toml'] } : {}),
  });
}

function pipenv(source: SourceTree): string {
  const option = source.has('Pipfile.lock') ? '--deploy' : '--skip-lock';
  return `PIPENV_VENV_IN_PROJECT=1 pipenv install ${option}`;
}

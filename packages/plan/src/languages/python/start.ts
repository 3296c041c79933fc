import { UserError } from '@nx-nixpack/base';
import { list, optional, parseToml, text } from '@nx-nixpack/data';

import type { Decision } from '../../plan/explanation.js';
import { facts, tryManifest } from '../../source/manifest.js';
import { findInFiles } from '../../source/search.js';
import type { PlanContext } from '../provider.js';
import type { SourceTree } from '../../source/source-tree.js';
import { isDjango } from './uses.js';

const WSGI = /WSGI_APPLICATION = ["'|]([^\n]*)[^\n]application["'|]/;

const texts = optional(list(text()));
const pyproject = facts({
  project: optional(facts({ name: optional(text()), packages: texts, py_modules: texts })),
});

/** How the program is started. A Django project must say where its WSGI application is. */
export function pythonStart(source: SourceTree, { extensions = false }: PlanContext): Decision {
  if (isDjango(source)) {
    const application = wsgiApplication(source);
    if (application !== undefined)
      return started(`python manage.py migrate && gunicorn ${application}`, 'manage.py and django');
    // The extension for Django knows further ways.
    if (!extensions) throw withoutApplication();
  }
  if (source.has('main.py')) return started('python main.py', 'main.py');
  const module = projectModule(source);
  if (module !== undefined) return started(`python -m ${module}`, 'pyproject.toml');
  return started(undefined, 'no main.py and no project in pyproject.toml');
}

const started = (choice: string | undefined, because: string): Decision => ({
  subject: 'start command',
  choice,
  because,
});

const wsgiApplication = (source: SourceTree): string | undefined =>
  findInFiles(source, '/**/*.py', WSGI)?.match[1];

function withoutApplication(): UserError {
  return new UserError({
    code: 'PLAN_INVALID',
    message:
      'No .py file says WSGI_APPLICATION = "….application", which a Django project is started with',
    hint: 'Add WSGI_APPLICATION to the settings, or give a start command.',
    at: { file: 'manage.py', line: 1, column: 1 },
  });
}

/** The module that pyproject.toml names: a package, a module, or the project itself. */
function projectModule(source: SourceTree): string | undefined {
  const parsed = tryManifest(source, 'pyproject.toml', parseToml, pyproject);
  const { packages, py_modules: modules, name } = parsed?.project ?? {};
  return packages?.[0] ?? modules?.[0] ?? name;
}

import { parentOf } from '@nx-nixpack/base';
import type { Amendment } from '../../amendments/amendment.js';
import { buildPhase } from '../../plan/phase.js';
import { readIfText } from '../../source/search.js';
import type { SourceTree } from '../../source/source-tree.js';
import { requires } from './dependencies.js';

const SETTINGS = ['**/settings.py', '**/settings/*.py'];

/** Static files where the settings say that they are collected: a program that looks them up by its manifest fails without. */
export const djangoStatic: Amendment = {
  name: 'django-static',
  providers: ['python'],
  amend({ source, plan, over }) {
    const manage = source.has('manage.py') ? 'manage.py' : source.files('**/manage.py')[0];
    const planned = plan.phases?.['build']?.cmds ?? over.phases?.['build']?.cmds ?? [];
    if (manage === undefined || planned.length > 0 || !/^[\w./-]+$/.test(manage)) return undefined;
    if (!requires(source, 'django') || !collects(source)) return undefined;
    const directory = parentOf(manage);
    const enter = directory === '' ? '' : `cd ${directory} && `;
    // Settings may ask for what only the started program has: then the files are missing, and nothing else.
    const command = `(${enter}python manage.py collectstatic --noinput) || echo 'Static files were not collected' >&2`;
    return {
      plan: { ...plan, phases: { ...plan.phases, build: buildPhase([command]) } },
      decisions: [
        {
          subject: 'build command',
          choice: command,
          because: 'STATIC_ROOT in the settings of Django',
        },
      ],
    };
  },
};

const collects = (source: SourceTree): boolean =>
  SETTINGS.flatMap((glob) => source.files(glob)).some((file) =>
    /^\s*STATIC_ROOT\s*=/m.test(readIfText(source, file) ?? ''),
  );

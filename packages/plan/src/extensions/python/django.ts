import { parentOf } from '@nx-nixpack/base';
import type { Question } from '../../amendments/amendment.js';
import { portOr, startExtension, type Start } from '../start.js';
import { firstRequired, requires } from './dependencies.js';
import { isPlain, moduleAt } from './modules.js';

const PORT = 8000;

/** Django's project, found where nixpacks does not look, and served where others reach it. */
export const django = startExtension('django', ['python'], (question) => {
  const { source } = question;
  if (!requires(source, 'django')) return undefined;
  const manage = source.has('manage.py') ? 'manage.py' : source.files('**/manage.py')[0];
  if (manage === undefined || !/^[\w./-]+$/.test(manage)) return undefined;
  return djangoStart(question, manage);
});

function djangoStart({ source, plan }: Question, manage: string): Start | undefined {
  const directory = parentOf(manage);
  const enter = directory === '' ? '' : `cd ${directory} && `;
  const server = firstRequired(source, ['gunicorn', 'waitress', 'uvicorn', 'daphne']);
  const found = server && application({ source }, directory, server);
  const migrate = `${enter}python manage.py migrate && `;
  const because = `${manage} and django`;
  if (server !== undefined && found !== undefined)
    return {
      cmd: `${migrate}${COMMANDS[server]} ${found}`,
      because: `${because}, and ${server} is required`,
      port: PORT,
    };
  if (server === 'gunicorn' && plan.start?.cmd !== undefined) return undefined;
  return {
    cmd: `${migrate}python manage.py runserver 0.0.0.0:${portOr(PORT)} --noreload`,
    because,
    guess: `No server is among the dependencies, so Django's own development server starts it: require gunicorn, or set start_cmd`,
    port: PORT,
  };
}

type Server = 'gunicorn' | 'waitress' | 'uvicorn' | 'daphne';
const COMMANDS: Readonly<Record<Server, string>> = {
  gunicorn: `gunicorn --bind 0.0.0.0:${portOr(PORT)}`,
  waitress: `waitress-serve --listen=*:${portOr(PORT)}`,
  uvicorn: `uvicorn --host 0.0.0.0 --port ${portOr(PORT)}`,
  daphne: `daphne -b 0.0.0.0 -p ${portOr(PORT)}`,
};

/** `project.wsgi:application` as it is seen from the directory of manage.py. */
function application(
  { source }: Pick<Question, 'source'>,
  directory: string,
  server: Server,
): string | undefined {
  const file = server === 'gunicorn' || server === 'waitress' ? 'wsgi.py' : 'asgi.py';
  const below = directory === '' ? '' : `${directory}/`;
  const path = source
    .files(`${below}**/${file}`)
    .find((each) => !/(?:^|\/)(?:tests?|node_modules)\//.test(each));
  if (path === undefined) return undefined;
  const module = moduleAt(source, path);
  if (!isPlain(module)) return undefined;
  const name = path.slice(below.length).replace(/\.py$/, '').replaceAll('/', '.');
  return `${name}:application`;
}

import type { Question } from '../../amendments/amendment.js';
import { portOr, startExtension, type Start } from '../start.js';
import { applicationOf, made, startsWell, type Application } from './applications.js';
import { firstRequired, requires } from './dependencies.js';
import { importable } from './modules.js';

const PORT = 8000;
const FLASK = made('Flask', 'APIFlask', 'FlaskApp', 'OpenAPI');

/** A program of Flask: with the server that the source requires, else with Flask's own. */
export const flask = startExtension('flask', ['python'], (question) => {
  if (!requires(question.source, 'flask') || startsWell(question)) return undefined;
  const found = applicationOf(question, FLASK);
  return found && flaskStart(question, found);
});

function flaskStart(question: Question, found: Application): Start {
  const because = `${found.module.path} makes a Flask application`;
  const server = firstRequired(question.source, ['gunicorn', 'waitress']);
  if (server !== undefined)
    return {
      cmd: wsgiServer(server, found),
      because: `${because}, and ${server} is required`,
      port: PORT,
    };
  const { module, name } = found;
  return {
    cmd: `${importable(module)}flask --app ${module.name}:${name} run --host 0.0.0.0 --port ${portOr(PORT)}`,
    because,
    guess: `No server is among the dependencies, so Flask's own development server starts ${module.path}: require gunicorn, or set start_cmd`,
    port: PORT,
  };
}

/** The command of a server for WSGI applications. */
export function wsgiServer(server: 'gunicorn' | 'waitress', found: Application): string {
  const { module, name, isFactory } = found;
  const target = `${module.name}:${name}`;
  const port = portOr(PORT);
  const command =
    server === 'gunicorn'
      ? `gunicorn --bind 0.0.0.0:${port} ${isFactory ? `'${target}()'` : target}`
      : `waitress-serve --listen=*:${port} ${isFactory ? '--call ' : ''}${target}`;
  return `${importable(module)}${command}`;
}

import type { Question } from '../../amendments/amendment.js';
import { portOr, startExtension, type Start } from '../start.js';
import { applicationOf, made, startsWell, type Application } from './applications.js';
import { firstRequired } from './dependencies.js';
import { installedToo } from './installed-too.js';
import { importable } from './modules.js';

const PORT = 8000;
/** Frameworks of ASGI applications by their distribution. */
const FRAMEWORKS = {
  fastapi: 'FastAPI',
  litestar: 'Litestar',
  starlette: 'Starlette',
  quart: 'Quart',
  blacksheep: 'Application',
  falcon: 'falcon\\.asgi\\.App',
} as const;
type Framework = keyof typeof FRAMEWORKS;
const DISTRIBUTIONS = Object.keys(FRAMEWORKS) as Framework[];
const SERVERS = ['uvicorn', 'hypercorn', 'granian', 'daphne'] as const;
type Server = (typeof SERVERS)[number];

/** A program of FastAPI, Starlette, Litestar, Quart …: with the server that the source requires, else with uvicorn. */
export const asgi = startExtension('asgi', ['python'], (question) => {
  const framework = firstRequired(question.source, DISTRIBUTIONS);
  if (framework === undefined || startsWell(question)) return undefined;
  const found = applicationOf(question, made(FRAMEWORKS[framework]));
  return found && asgiStart(question, found, framework);
});

function asgiStart(question: Question, found: Application, framework: Framework): Start {
  const because = `${found.module.path} makes an application of ${framework}`;
  const server = required(question);
  if (server !== undefined)
    return {
      cmd: command(server, found),
      because: `${because}, and ${server} is required`,
      port: PORT,
    };
  return {
    cmd: command('uvicorn', found),
    because,
    guess: `No server is among the dependencies, so uvicorn is installed besides: require the one that you want`,
    port: PORT,
    ...installedToo(question, 'uvicorn'),
  };
}

/** `fastapi[standard]` and gunicorn with uvicorn's workers both bring uvicorn. */
function required({ source }: Question): Server | undefined {
  const server = firstRequired(source, SERVERS);
  if (server !== undefined) return server;
  const manifests = ['requirements.txt', 'pyproject.toml', 'Pipfile'];
  const extra = /fastapi\[(?:standard|all)\]|fastapi.*extras.*(?:standard|all)/;
  return manifests.some((file) => source.has(file) && extra.test(source.read(file) ?? ''))
    ? 'uvicorn'
    : undefined;
}

function command(server: Server, { module, name, isFactory }: Application): string {
  const target = `${module.name}:${name}`;
  const port = portOr(PORT);
  const commands: Readonly<Record<Server, string>> = {
    uvicorn: `uvicorn --host 0.0.0.0 --port ${port} ${isFactory ? '--factory ' : ''}${target}`,
    hypercorn: `hypercorn --bind 0.0.0.0:${port} ${isFactory ? `'${target}()'` : target}`,
    granian: `granian --interface asgi --host 0.0.0.0 --port ${port} ${isFactory ? '--factory ' : ''}${target}`,
    daphne: `daphne -b 0.0.0.0 -p ${port} ${target}`,
  };
  return `${importable(module)}${commands[server]}`;
}

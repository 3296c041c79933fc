import { dictionary, lenient, optional, parseJson, plainJson, text } from '@nx-nixpack/data';
import type { Question } from '../amendments/amendment.js';
import { facts, tryManifest } from '../source/manifest.js';
import { textOf } from '../source/manifest.js';
import type { SourceTree } from '../source/source-tree.js';
import { portOr, startExtension, type Start } from './start.js';

const PORT = 8000;
const STEMS = [
  'main',
  'server',
  'app',
  'index',
  'src/main',
  'src/server',
  'src/app',
  'src/index',
] as const;
const ENDS = ['.ts', '.tsx', '.js', '.mjs'] as const;
const denoJson = facts({ tasks: optional(dictionary(lenient(text()))) });

/** A program that is named like one, reached from outside; and the task that makes what it serves. */
export const denoProgram = startExtension('deno-program', ['deno'], (question) => {
  const { source, plan } = question;
  const tasks = tasksOf(source);
  if (tasks.has('start'))
    return tasks.has('build') ? taskStart(question, plan.start?.cmd) : undefined;
  const file = STEMS.flatMap((stem) => ENDS.map((end) => `${stem}${end}`)).find((path) =>
    source.has(path),
  );
  return file === undefined ? undefined : programStart(question, file);
});

const tasksOf = (source: SourceTree): ReadonlyMap<string, unknown> =>
  ['deno.json', 'deno.jsonc']
    .map(
      (file) =>
        tryManifest(source, file, (content) => parseJson(plainJson(content)), denoJson)?.tasks,
    )
    .find((tasks) => tasks !== undefined) ?? new Map<string, unknown>();

function taskStart({ plan }: Question, cmd: string | undefined): Start | undefined {
  if (cmd === undefined) return undefined;
  const build = plan.phases?.['build'] ?? { name: 'build', dependsOn: ['install', 'setup'] };
  return {
    cmd,
    because: 'task "start", of what task "build" makes',
    plan: {
      ...plan,
      phases: {
        ...plan.phases,
        build: { ...build, cmds: [...(build.cmds ?? []), 'deno task build'] },
      },
    },
  };
}

function programStart({ source, plan }: Question, file: string): Start {
  const serves = /^export default \{[^]*?\bfetch\b/m.test(textOf(source, file));
  const port = portOr(PORT);
  const build = plan.phases?.['build'] ?? { name: 'build', dependsOn: ['install', 'setup'] };
  return {
    cmd: serves
      ? `deno serve --allow-all --host 0.0.0.0 --port ${port} ${file}`
      : `DENO_SERVE_ADDRESS=tcp:0.0.0.0:${port} deno run --allow-all ${file}`,
    because: file,
    guess: `${file} was chosen by its name: add a task "start", or set start_cmd`,
    port: PORT,
    plan: {
      ...plan,
      phases: { ...plan.phases, build: { ...build, cmds: [`deno cache ${file}`] } },
    },
  };
}

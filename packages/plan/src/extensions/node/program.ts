import { anyValue, memberOf, parseJson } from '@nx-nixpack/data';
import { tryManifest } from '../../source/manifest.js';
import { readIfText } from '../../source/search.js';
import type { SourceTree } from '../../source/source-tree.js';
import { startExtension, type Start } from '../start.js';
import { isDevelopment, needsStart, nodeQuestion, type NodeQuestion } from './project.js';
import { commandsOf } from './scripts.js';

/** Scripts that start a program without watching it, likely ones first. */
const SCRIPTS = [
  'start:prod',
  'start:production',
  'start-prod',
  'serve:prod',
  'prod',
  'production',
  'start:server',
  'start-server',
  'server',
  'serve',
] as const;
const STEMS = [
  'server',
  'app',
  'index',
  'main',
  'src/server',
  'src/index',
  'src/app',
  'src/main',
  'server/index',
  'server/server',
  'server/app',
  'bin/www',
  'bin/server',
  'lib/index',
  'api/index',
] as const;
const PLAIN = ['', '.js', '.mjs', '.cjs'] as const;
const RUNNERS = ['tsx', 'ts-node'] as const;
const PATH = /^\.?\/?[\w][\w./-]*$/;

/** A script of package.json that is meant for production, in place of none or of one for developers. */
export const productionScript = startExtension('production-script', ['node'], (asked) => {
  const question = nodeQuestion(asked);
  const { manifest, manager } = question;
  if (!needsStart(question)) return undefined;
  const name = SCRIPTS.find((each) => {
    const commands = commandsOf(manifest, manifest.scripts?.get(each) ?? '');
    return commands.length > 0 && !commands.some(isDevelopment);
  });
  if (name === undefined) return undefined;
  return {
    cmd: `${manager.name} run ${name}`,
    because: `script "${name}" of package.json`,
    guess: `The script "${name}" was chosen by its name: set start_cmd for another one`,
  };
});

/** A program that package.json does not name, or whose file only the build makes. */
export const nodeProgram = startExtension('node-program', ['node'], (asked) => {
  const question = nodeQuestion(asked);
  if (question.plan.start?.cmd !== undefined) return undefined;
  return developed(question) ?? built(question) ?? tool(question) ?? named(question);
});

/** The file that the developer's script runs and watches. */
function developed({ manifest, source, manager }: NodeQuestion): Start | undefined {
  for (const script of ['dev', 'develop', 'start:dev', 'watch']) {
    for (const [program, ...rest] of commandsOf(manifest, manifest.scripts?.get(script) ?? '')) {
      const file = rest.find(
        (word) =>
          /\.[cm]?[jt]s$/.test(word) && PATH.test(word) && source.has(word.replace(/^\.\//, '')),
      );
      const runs = ['nodemon', 'node', 'tsx', 'ts-node-dev', 'ts-node', 'bun'].includes(
        program ?? '',
      );
      if (!runs || file === undefined) continue;
      const runner = runnerFor({ manifest, manager, source }, file);
      if (runner === undefined) continue;
      return guessed(`${runner} ${file}`, `script "${script}" of package.json runs ${file}`, file);
    }
  }
  return undefined;
}

/** `main`, made by the build. */
function built({ manifest, plan }: NodeQuestion): Start | undefined {
  const { main } = manifest;
  const builds = (plan.phases?.['build']?.cmds ?? []).length > 0;
  if (!builds || main === undefined || !PATH.test(main) || /\.d\.ts$|\.css$/.test(main))
    return undefined;
  return guessed(`node ${main}`, '"main" of package.json, which the build makes', main);
}

function named(question: NodeQuestion): Start | undefined {
  const { source } = question;
  const plain = STEMS.flatMap((stem) => PLAIN.map((end) => `${stem}${end}`)).find((path) =>
    source.has(path),
  );
  const compiled = compiledEntry(question);
  if (compiled !== undefined) return compiled;
  if (plain !== undefined)
    return guessed(`${question.manager.name === 'bun' ? 'bun' : 'node'} ${plain}`, plain, plain);
  const script = typeScript(source);
  const runner = script && runnerFor(question, script);
  return script === undefined || runner === undefined
    ? undefined
    : guessed(`${runner} ${script}`, script, script);
}

const typeScript = (source: SourceTree): string | undefined =>
  STEMS.map((stem) => `${stem}.ts`).find((path) => source.has(path));

/** Where the TypeScript compiler puts the entry, when a script "build" runs it. */
function compiledEntry({ source, manifest, manager }: NodeQuestion): Start | undefined {
  const script = typeScript(source);
  if (script === undefined || manager.name === 'bun') return undefined;
  const compiles = commandsOf(manifest, manifest.scripts?.get('build') ?? '').some(
    ([program]) => program === 'tsc',
  );
  const config = readIfText(source, 'tsconfig.json') ?? '';
  const outDir = /^\s*"outDir":\s*"(?:\.\/)?([\w./-]+?)\/?"/m.exec(config)?.[1];
  if (!compiles || outDir === undefined) return undefined;
  const root =
    /^\s*"rootDir":\s*"(?:\.\/)?([\w./-]*?)\/?"/m.exec(config)?.[1] ??
    script.split('/').slice(0, -1).join('/');
  const below =
    root !== '' && root !== '.' && script.startsWith(`${root}/`)
      ? script.slice(root.length + 1)
      : script;
  const file = `${outDir}/${below.replace(/\.ts$/, '.js')}`;
  return guessed(`node ${file}`, `${script}, which tsc compiles into ${outDir}`, file);
}

/** What runs a file without a build. */
function runnerFor(
  { manifest, manager }: Pick<NodeQuestion, 'manifest' | 'manager' | 'source'>,
  file: string,
): string | undefined {
  if (manager.name === 'bun') return 'bun';
  if (!/\.[cm]?ts$/.test(file)) return 'node';
  return RUNNERS.find(
    (name) =>
      manifest.dependencies?.has(name) === true || manifest.devDependencies?.has(name) === true,
  );
}

/** A command line tool prints how it is used. */
function tool({ source }: NodeQuestion): Start | undefined {
  const bin = memberOf(tryManifest(source, 'package.json', parseJson, anyValue), 'bin');
  const first = bin?.kind === 'map' ? bin.entries[0]?.value : bin;
  const path = first?.kind === 'text' ? String(first.value) : undefined;
  if (path === undefined || !PATH.test(path)) return undefined;
  return guessed(`node ${path}`, '"bin" of package.json', path);
}

const guessed = (cmd: string, because: string, file: string): Start => ({
  cmd,
  because,
  guess: `${file} was chosen to be started, since package.json has no script "start": add one, or set start_cmd`,
});

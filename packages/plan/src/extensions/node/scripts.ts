import type { PackageJson } from '../../languages/node/package-json.js';

/** One simple command, without what only sets its environment. */
export type Command = readonly string[];

const SEPARATOR = /&&|\|\||[;|&\n()]/;
const ASSIGNMENT = /^[A-Za-z_]\w*=/;
/** Programs that run the rest of their line. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'cross-env',
  'cross-env-shell',
  'env',
  'exec',
  'npx',
  'bunx',
  'pnpx',
  'pm2-runtime',
  'dumb-init',
  'tini',
  'time',
]);
const MANAGERS: ReadonlySet<string> = new Set(['npm', 'yarn', 'pnpm', 'bun']);
const SERIES: ReadonlySet<string> = new Set(['run-s', 'run-p', 'npm-run-all', 'concurrently']);
/** Scripts may call each other in a circle. */
const DEEPEST = 8;

/** The commands that a line comes down to, scripts of package.json put in their place. */
export function commandsOf(manifest: PackageJson, line: string, depth = 0): readonly Command[] {
  if (depth > DEEPEST) return [];
  return line
    .split(SEPARATOR)
    .map((part) => unwrapped(wordsOf(part)))
    .flatMap((command) => {
      const scripts = scriptsRunBy(command, manifest);
      if (scripts.length === 0) return command.length === 0 ? [] : [command];
      return scripts.flatMap((text) => commandsOf(manifest, text, depth + 1));
    });
}

const wordsOf = (text: string): readonly string[] =>
  text
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/^["']|["']$/g, ''))
    .filter((word) => word !== '');

function unwrapped(words: readonly string[]): Command {
  const [first, second, ...rest] = words;
  if (first === undefined) return [];
  if (ASSIGNMENT.test(first) || WRAPPERS.has(first) || first === '--')
    return unwrapped(words.slice(1));
  // `pnpm exec tsx x`, `yarn dlx serve`, `dotenv -e .env -- node x`.
  if (MANAGERS.has(first) && (second === 'exec' || second === 'dlx' || second === 'x'))
    return unwrapped(rest);
  const dashes = first === 'dotenv' || first === 'dotenvx' ? words.indexOf('--') : -1;
  return dashes < 0 ? words : unwrapped(words.slice(dashes + 1));
}

/** The texts of the scripts that a command runs. */
function scriptsRunBy(command: Command, { scripts }: PackageJson): readonly string[] {
  const [program = '', ...rest] = command;
  const names = rest.filter((word) => !word.startsWith('-'));
  const text = (name: string | undefined): readonly string[] =>
    name === undefined ? [] : [scripts?.get(name) ?? []].flat();
  if (MANAGERS.has(program)) {
    const [verb, name] = names;
    return withHooks(verb === 'run' || verb === 'run-script' ? name : verb).flatMap(text);
  }
  if (program === 'node' && rest[0] === '--run') return text(rest[1]);
  return SERIES.has(program)
    ? names.flatMap((name) => text(name.replace(/^(?:npm|yarn|pnpm):/, '')))
    : [];
}

/** npm runs the scripts before and after one, too. */
const withHooks = (name: string | undefined): readonly string[] =>
  name === undefined ? [] : [`pre${name}`, name, `post${name}`];

const BUN: ReadonlySet<string> = new Set(['bun', 'bunx']);

/** Whether a line, or a script that it runs, starts bun: `bun test` is of no program. */
export const callsBun = (manifest: PackageJson, line: string): boolean =>
  linesOf(manifest, line)
    .flatMap((text) => text.split(SEPARATOR))
    .map((part) => wordsOf(part).filter((word) => !ASSIGNMENT.test(word)))
    .some((words) => words.some((word, at) => BUN.has(word) && isProgram(words, at)));

/** First of its line, or behind what runs the rest of it. */
const isProgram = (words: readonly string[], at: number): boolean =>
  words[at + 1] !== 'test' && words.slice(0, at).every((word) => WRAPPERS.has(word));

/** A line, and the texts of all scripts that it runs. */
export function linesOf(manifest: PackageJson, line: string, depth = 0): readonly string[] {
  if (depth > DEEPEST) return [];
  const commands = line.split(SEPARATOR).map((part) => unwrapped(wordsOf(part)));
  const scripts = commands.flatMap((command) => scriptsRunBy(command, manifest));
  return [line, ...scripts.flatMap((text) => linesOf(manifest, text, depth + 1))];
}

/** Runs a command. */
export const CMD = `import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a command prints, without white space at its ends. */
export async function output(program, ...args) {
  const { stdout } = await run(program, args);
  return stdout.trim();
}
`;

/** Where an executable's package lies. */
export const NIX = `import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { output } from './cmd.mjs';

/** The Nix store path that owns an executable; outside the store the directory above the executable's own. */
export async function storePath(executable) {
  const path = await realpath(await output('which', executable));
  return /^\\/nix\\/store\\/[^/]+/.exec(path)?.[0] ?? dirname(dirname(path));
}
`;

/** Coloured lines with a tag. */
export const LOGGER = `const COLOURS = { info: 36, warn: 33, error: 31 };

/** Writes lines such as "[prestart] text". */
export function logger(tag) {
  const line = (level) => (text) => console.log(\`\\u001b[\${COLOURS[level]}m[\${tag}]\\u001b[0m \${text}\`);
  return { info: line('info'), warn: line('warn'), error: line('error') };
}
`;

/** Looks for settings of Laravel that are not set. */
export const LARAVEL = `import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { logger } from './logger.mjs';

const CONFIG = '/app/config';
const WITHOUT_DEFAULT = /env\\(\\s*(['"])(\\w+)\\1\\s*\\)/g;
const log = logger('laravel');

/** Warns of variables that the configuration reads without a default and that are not set. */
export async function checkEnvironment(env = process.env) {
  const names = new Set();
  for (const file of await readdir(CONFIG)) {
    if (!file.endsWith('.php')) continue;
    const text = await readFile(join(CONFIG, file), 'utf8');
    for (const [, , name] of text.matchAll(WITHOUT_DEFAULT)) names.add(name);
  }
  for (const name of [...names].sort()) {
    if (env[name] || name === 'APP_KEY') continue;
    log.warn(\`the variable \${name} is not set\`);
  }
  if (!env.APP_KEY) log.warn('APP_KEY is not set: create one with "php artisan key:generate --show"');
}
`;

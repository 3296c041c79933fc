/** Runs before PHP starts: checks, permissions, and the nginx configuration from its template. */
export const PRESTART = `#!/usr/bin/env node
import { access, chmod, constants, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compileTemplate } from './config/template.mjs';
import { checkEnvironment } from './util/laravel.mjs';
import { logger } from './util/logger.mjs';

const STORAGE = '/app/storage';
const log = logger('prestart');

async function openStorage(path = STORAGE) {
  const isReadable = await access(path, constants.R_OK).then(() => true, () => false);
  if (!isReadable) return;
  await chmod(path, 0o777);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) await openStorage(child);
    else if (entry.isFile()) await chmod(child, 0o666);
  }
}

const [template, output, ...rest] = process.argv.slice(2);
if (output === undefined || rest.length > 0) {
  console.error('Usage: prestart.mjs TEMPLATE OUTPUT');
  process.exit(1);
}

const tasks = [openStorage(), compileTemplate(template, output)];
if (process.env.IS_LARAVEL) tasks.push(checkEnvironment());
for (const result of await Promise.allSettled(tasks)) {
  if (result.status === 'rejected') log.error(String(result.reason));
}
log.info(\`Server starting on port \${process.env.PORT}\`);
`;

/** The template language of the nginx configuration. */
export const TEMPLATE = `import { readFile, writeFile } from 'node:fs/promises';
import { storePath } from '../util/nix.mjs';

const CONDITION = /\\$if\\s*\\((\\w+)\\)\\s*\\(([\\s\\S]*?)\\)\\s*else\\s*\\(([\\s\\S]*?)\\)/g;
const VARIABLE = /\\$\\{(\\w+)\\}/g;
const EXECUTABLE = /\\$!\\{([\\w.+-]+)\\}/g;

/** Writes the template with conditions, variables and store paths filled in from the environment. */
export async function compileTemplate(template, output, env = process.env) {
  const text = (await readFile(template, 'utf8'))
    .replace(CONDITION, (_whole, name, yes, no) => (env[name] ? yes : no))
    .replace(VARIABLE, (_whole, name) => env[name] ?? '');
  const paths = new Map();
  for (const [, name] of text.matchAll(EXECUTABLE)) paths.set(name, await storePath(name));
  await writeFile(output, text.replace(EXECUTABLE, (_whole, name) => paths.get(name)));
}
`;

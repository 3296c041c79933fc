import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { PHP_ASSETS } from './index.js';

const run = promisify(execFile);
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'php-assets-'));
  for (const [name, text] of Object.entries(PHP_ASSETS)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
  // Something that `which` finds, in place of nginx.
  await writeFile(join(directory, 'nginx'), '#!/bin/sh\n', { mode: 0o755 });
});
afterAll(() => rm(directory, { recursive: true }));

const prestart = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  run(process.execPath, [join(directory, 'scripts/prestart.mjs'), ...args], {
    env: { PATH: `${directory}:${process.env['PATH'] ?? ''}`, ...env },
  });

async function compiled(
  env: Readonly<Record<string, string>>,
): Promise<{ config: string; stdout: string }> {
  const output = join(directory, 'nginx.conf');
  const { stdout } = await prestart([join(directory, 'nginx.template.conf'), output], env);
  return { config: await readFile(output, 'utf8'), stdout };
}

it('compiles the template for a plain application', async () => {
  const { config, stdout } = await compiled({ PORT: '8080' });
  expect(config).toContain('listen 8080;');
  expect(config).toContain('listen [::]:8080;');
  expect(config).toMatch(/root\s+\/app;/);
  expect(config).not.toMatch(/try_files|\$if|\$\{|\$!/);
  expect(config).toContain('$realpath_root$fastcgi_script_name');
  expect(stdout).toContain('Server starting on port 8080');
});

it('compiles the template for Laravel', async () => {
  const { config } = await compiled({
    PORT: '80',
    IS_LARAVEL: 'yes',
    NIXPACKS_PHP_ROOT_DIR: '/app/public',
  });
  expect(config).toMatch(/root\s+\/app\/public;/);
  expect(config).toContain('try_files $uri $uri/ /index.php?$query_string;');
  expect(config).toContain('error_page 404 /index.php;');
});

it('compiles the template with a fallback of its own', async () => {
  const { config } = await compiled({ PORT: '80', NIXPACKS_PHP_FALLBACK_PATH: '/front.php' });
  expect(config).toContain('try_files $uri $uri/ /front.php?$query_string;');
});

it('says how it is used', async () => {
  await expect(prestart(['only-one'])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Usage:') as string,
  });
});

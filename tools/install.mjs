import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/** `npm ci` in a folder of the checkout, only when what is installed is not what its lock file says. */
export async function installDependencies(folder = '.') {
  const directory = join(root, folder);
  const stamp = join(directory, 'node_modules', '.nx-nixpack-lock');
  const wanted = createHash('sha256')
    .update(readFileSync(join(directory, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log(`=== install (npm ci in ${folder})`);
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: directory,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('npm ci failed; its output is above.');
  writeFileSync(stamp, wanted);
}

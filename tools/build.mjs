import { join } from 'node:path';
import { root } from './root.mjs';
import { run } from './setup/command.mjs';

/** Compiles all packages; what is up to date is left alone. */
export async function build() {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  await run(process.execPath, [tsc, '-b', join(root, 'tsconfig.build.json')], { cwd: root });
}

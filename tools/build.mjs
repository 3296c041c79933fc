import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';
import { isProgram, main, run } from './setup/command.mjs';

/** Compiles all packages; what is up to date is left alone. */
export async function build() {
  removeStaleOutput();
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  await run(process.execPath, [tsc, '-b', join(root, 'tsconfig.build.json')], { cwd: root });
}

/** What was compiled from sources that are gone: npm would publish it. */
function removeStaleOutput() {
  for (const folder of readdirSync(join(root, 'packages'))) {
    const output = join(root, 'packages', folder, 'dist');
    if (!existsSync(output)) continue;
    for (const name of readdirSync(output, { recursive: true })) {
      const source = join(root, 'packages', folder, 'src', name.replace(/(\.d)?\.[jt]s$/, '.ts'));
      if (/\.[jt]s$/.test(name) && !existsSync(source)) rmSync(join(output, name));
    }
  }
}

if (isProgram(import.meta.url)) await main(build);

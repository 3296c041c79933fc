import { NO_PACKAGES, NO_STEPS, unpackNpm } from './parts.js';
import { npmChoice } from './npm-program.js';
import type { Runtime } from './runtime.js';

export const deno: Runtime = {
  name: 'deno',
  channel: 'npm: @deno/linux-x64-glibc, @deno/linux-arm64-glibc',
  verified: "by the registry's sha512",
  license: 'MIT',
  wanted: (attribute) => (attribute === 'deno' ? '' : undefined),

  async resolve(wish, sources) {
    const name = `@deno/linux-${sources.arch}-glibc`;
    const { version, archive } = await npmChoice('Deno', name, wish, sources);
    // What `deno cache` fetched is needed when the program runs, so it lies where the image takes it along.
    const env = { DENO_DIR: '/app/.deno', DENO_NO_UPDATE_CHECK: '1' };
    return { version, archives: [archive], env, packages: NO_PACKAGES };
  },

  steps({ archives: [archive] }) {
    if (archive === undefined) return NO_STEPS;
    const except = ['package.json', 'README.md'];
    const run = [unpackNpm(archive, { to: '/usr/local/bin', except, executable: ['deno'] })];
    return { run, build: [] };
  },
};

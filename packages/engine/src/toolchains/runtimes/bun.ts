import { linkPrograms, NO_PACKAGES, NO_STEPS, SHADOWED_BIN, unpackNpm } from './parts.js';
import { npmChoice } from './npm-program.js';
import type { Runtime } from './runtime.js';

/** The build for every x86-64 processor: an image runs on other machines than the one that made it. */
const PACKAGES = { x64: '@oven/bun-linux-x64-baseline', arm64: '@oven/bun-linux-aarch64' } as const;

export const bun: Runtime = {
  name: 'bun',
  channel: `npm: ${PACKAGES.x64}, ${PACKAGES.arm64}`,
  verified: "by the registry's sha512",
  license: 'MIT, with parts under others (LGPL-2.0 of JavaScriptCore)',
  wanted: (attribute) => (attribute === 'bun' ? '' : undefined),

  async resolve(wish, sources) {
    const { version, archive } = await npmChoice('Bun', PACKAGES[sources.arch], wish, sources);
    return { version, archives: [archive], env: {}, packages: NO_PACKAGES };
  },

  steps({ archives: [archive] }) {
    if (archive === undefined) return NO_STEPS;
    return {
      run: [
        unpackNpm(archive, { from: 'package/bin', to: SHADOWED_BIN, executable: ['bun'] }),
        linkPrograms({ bunx: 'bun' }, SHADOWED_BIN),
      ],
      build: [],
    };
  },
};

import {
  linkPrograms,
  NODE_MODULES,
  NO_PACKAGES,
  NO_STEPS,
  setupStep,
  unpackNpm,
} from './parts.js';
import { npmChoice } from './npm-program.js';
import type { Runtime } from './runtime.js';

const HOME = `${NODE_MODULES}/npm`;

/** npm in another version than Node's own. */
export const npm: Runtime = {
  name: 'npm',
  channel: 'npm: npm',
  verified: "by the registry's sha512",
  license: 'Artistic-2.0',
  // The version of a plan is nixpacks' guess: what Node brings reads every lock file.
  wanted: (attribute) => (/^npm-\d+_x$/.test(attribute) ? '' : undefined),

  async resolve(wish, sources) {
    if (!wish.version) return { version: 'bundled', archives: [], env: {}, packages: NO_PACKAGES };
    const { version, archive } = await npmChoice('npm', 'npm', wish, sources);
    return { version, archives: [archive], env: {}, packages: NO_PACKAGES };
  },

  steps({ archives: [archive] }) {
    if (archive === undefined) return NO_STEPS;
    return {
      run: [
        setupStep(`rm -rf ${HOME}`),
        unpackNpm(archive, { to: HOME, except: ['docs', 'man'] }),
        linkPrograms({
          npm: '../lib/node_modules/npm/bin/npm-cli.js',
          npx: '../lib/node_modules/npm/bin/npx-cli.js',
        }),
      ],
      build: [],
    };
  },
};

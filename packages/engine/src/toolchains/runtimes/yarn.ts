import type { RuntimeWish } from '@nx-nixpack/plan';
import { linkPrograms, NO_PACKAGES, NO_STEPS, SHADOWED_BIN, unpackNpm } from './parts.js';
import { npmChoice } from './npm-program.js';
import type { Runtime } from './runtime.js';

const CLASSIC = 'yarn';
const MODERN = '@yarnpkg/cli-dist';
const HOME = '/opt/yarn';

export const yarn: Runtime = {
  name: 'yarn',
  channel: `npm: ${CLASSIC} (version 1), ${MODERN} (from version 2)`,
  verified: "by the registry's sha512",
  license: 'BSD-2-Clause',
  wanted: (attribute) =>
    /^yarn(?:-1_x)?$/.test(attribute) ? '1' : attribute === 'yarn-berry' ? '4' : undefined,

  async resolve(wish, sources) {
    const { version, archive } = await npmChoice('Yarn', packageOf(wish), wish, sources);
    return { version, archives: [archive], env: {}, packages: NO_PACKAGES };
  },

  steps({ archives: [archive] }) {
    if (archive === undefined) return NO_STEPS;
    const program = `${HOME}/bin/yarn.js`;
    return {
      run: [
        unpackNpm(archive, { to: HOME, executable: ['bin'] }),
        linkPrograms({ yarn: program, yarnpkg: program }, SHADOWED_BIN),
      ],
      build: [],
    };
  },
};

/** Version 1 has its own package; a range that may mean it does. */
const packageOf = ({ version = '' }: RuntimeWish): string =>
  /^(?:\D*[01](?:\D|$)|\D*$)/.test(version) ? CLASSIC : MODERN;

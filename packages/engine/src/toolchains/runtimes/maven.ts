import { exactly, isSoft, newest, noVersion, releases } from '../versions/choose.js';
import { prefix } from '../versions/range.js';
import { executable } from './steps.js';
import type { Runtime } from './runtime.js';

const NAME = 'org.apache.maven:apache-maven:tar.gz:bin';
const HOME = '/opt/maven';
/** Plugins of Maven 3 are what projects name; Maven 4 is taken only by name. */
const DEFAULT_SERIES = [3, 9];

/**
 * Maven for the build. A source with a wrapper gets the same version as `mvn`; the wrapper itself downloads it again, with the
 * programs that its script looks for.
 */
export const maven: Runtime = {
  name: 'maven',
  channel: 'maven',
  verified: 'SHA-512 beside the archive',
  license: 'Apache-2.0',

  wanted: (attribute) => (/^maven(?:3)?$/.test(attribute) ? '' : undefined),

  async resolve(wish, sources) {
    const known = releases(await sources.versions('maven', NAME));
    const version = newest(known, isSoft(wish) ? prefix(DEFAULT_SERIES) : exactly(wish))?.version;
    if (version === undefined) throw noVersion('Maven', wish, known);
    const archives = [await sources.archive('maven', NAME, version)];
    return { version, archives, env: {}, packages: { run: [], build: ['curl', 'unzip'] } };
  },

  steps: ({ version, archives }) => ({
    run: [],
    build: [
      {
        kind: 'unpack',
        layer: 'toolchain',
        archives: archives.map(({ id, integrity }) => ({ id, integrity })),
        format: 'tar.gz',
        from: `apache-maven-${version}`,
        to: HOME,
      },
      executable('mvn', `exec ${HOME}/bin/mvn "$@"`),
    ],
  }),
};

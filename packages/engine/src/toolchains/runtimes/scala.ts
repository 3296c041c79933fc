import { exactly, isSoft, newest, noVersion, releases } from '../versions/choose.js';
import { prefix } from '../versions/range.js';
import { executable } from './steps.js';
import type { Runtime } from './runtime.js';

const NAME = 'org.scala-sbt:sbt-launch';
const LAUNCHER = '/opt/sbt/sbt-launch.jar';
const DEFAULT_SERIES = [1];
/** What sbt's own script does: options of the project's files and of the environment. */
const SCRIPT = [
  'options=""',
  'for file in .jvmopts .sbtopts; do',
  '  [ -r "$file" ] && options="$options $(grep -v "^[[:space:]]*#" "$file" | sed "s/^-J//" | grep -E "^-(X|D|-add)" | tr "\\n" " ")"',
  'done',
  `exec java -Xms512m -Xmx2g -Xss4m $options $JAVA_OPTS $SBT_OPTS -jar ${LAUNCHER} "$@"`,
] as const;

/** sbt's launcher, which brings the version of sbt that the project names, its compilers and all libraries from Maven. */
export const scala: Runtime = {
  name: 'scala',
  channel: 'maven',
  verified: 'checksum beside the archive',
  license: 'Apache-2.0',

  wanted: (attribute) => (/^\(?sbt\b/.test(attribute) ? '' : undefined),

  async resolve(wish, sources) {
    const known = releases(await sources.versions('maven', NAME));
    const version = newest(known, isSoft(wish) ? prefix(DEFAULT_SERIES) : exactly(wish))?.version;
    if (version === undefined) throw noVersion('sbt', wish, known);
    const archives = [await sources.archive('maven', NAME, version)];
    return { version, archives, env: {}, packages: { run: [], build: [] } };
  },

  steps: ({ archives }) => ({
    run: [],
    build: [
      {
        kind: 'run',
        layer: 'toolchain',
        command: `mkdir -p /opt/sbt && cp /run/archives/sbt-launch.jar ${LAUNCHER}`,
        workdir: '/',
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
        network: false,
        caches: [],
        secrets: [],
        archives: archives.map(({ id, integrity }) => ({ id, integrity, file: 'sbt-launch.jar' })),
        phase: 'setup',
      },
      executable('sbt', ...SCRIPT),
    ],
  }),
};

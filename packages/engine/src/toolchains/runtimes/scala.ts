import { compareVersions, numbersOf } from './constraint.js';
import { versionRefusal } from './refusal.js';
import { executable } from './steps.js';
import type { Runtime, RuntimeSources } from './runtime.js';

const NAME = 'org.scala-sbt:sbt-launch';
const LAUNCHER = '/opt/sbt/sbt-launch.jar';
const RELEASED = /^[0-9]+\.[0-9]+\.[0-9]+$/;
const DEFAULT_SERIES = '1.';
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
    const there = await released(sources);
    const version =
      wish.from === undefined
        ? there.filter((each) => each.startsWith(DEFAULT_SERIES)).at(-1)
        : there.find((each) => each === wish.version);
    if (version === undefined) throw versionRefusal({ ...wish, name: 'sbt' }, there);
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

async function released(sources: RuntimeSources): Promise<readonly string[]> {
  const all = await sources.versions('maven', NAME);
  return all
    .filter((version) => RELEASED.test(version))
    .sort((one, other) => compareVersions(numbersOf(one), numbersOf(other)));
}

import { releases, type Release } from '../../versions/choose.js';
import { numbersOf, type Numbers } from '../../versions/numbers.js';
import type { ResolvedRuntime } from '../../provision.js';
import type { Archive } from '@nx-nixpack/channels';
import { linkPrograms, NO_STEPS, setupStep, unpack } from '../parts.js';
import type { RuntimeChoice, RuntimeSources, RuntimeSteps } from '../runtime.js';

/** A virtual environment looks for the library beside the directory of the program that made it, links not followed. */
const HOME = '/usr/local';
const PLATFORMS = { x64: 'linux-x86_64', arm64: 'linux-arm64' } as const;
const nameFor = ({ arch }: RuntimeSources): string => `org.bytedeco:cpython:jar:${PLATFORMS[arch]}`;

/** Its modules link to these of Debian's; OpenSSL and libffi come with it. */
const LIBRARIES = [
  'ca-certificates',
  'libbz2-1.0',
  'liblzma5',
  'libncursesw6',
  'libreadline8',
  'libsqlite3-0',
  'libuuid1',
  'libzstd1',
  'zlib1g',
  'libstdc++6',
  'libgomp1',
];

/** Builds of CPython whose version of the packaging follows its own: `3.12.1-1.5.10`. */
export async function buildReleases(sources: RuntimeSources): Promise<readonly Release[]> {
  return releases(await sources.versions('maven', nameFor(sources)), numbersOfBuild);
}

const numbersOfBuild = (version: string): Numbers | undefined => {
  const numbers = numbersOf(version.split('-')[0] ?? '');
  // Before 3.9 the builds have other libraries inside.
  return numbers !== undefined && (numbers[1] ?? 0) >= 9 ? numbers : undefined;
};

export async function buildChoice(build: Release, sources: RuntimeSources): Promise<RuntimeChoice> {
  return {
    version: build.numbers.join('.'),
    archives: [await sources.archive('maven', nameFor(sources), build.version)],
    // Its OpenSSL looks for certificates where it was built.
    env: { SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt', SSL_CERT_DIR: '/etc/ssl/certs' },
    packages: { run: LIBRARIES, build: [] },
  };
}

export function buildSteps({ archives: [archive], version }: ResolvedRuntime): RuntimeSteps {
  if (archive === undefined) return NO_STEPS;
  const minor = version.split('.').slice(0, 2).join('.');
  const from = `org/bytedeco/cpython/${platformOf(archive)}`;
  const except = [...unneeded(minor), 'include'];
  return {
    run: [
      unpack(archive, 'zip', { from, to: HOME, except, executable: ['bin'] }),
      setupStep(placeLibraries(minor)),
      linkPrograms({ python: `python${minor}`, python3: `python${minor}` }),
    ],
    build: [unpack(archive, 'zip', { from: `${from}/include`, to: `${HOME}/include` })],
  };
}

const platformOf = ({ name }: Archive): string => name.split(':').at(-1) ?? '';

/** Tests, windows, what embeds Python in Java, and scripts that begin with a path of the machine that built them. */
const unneeded = (minor: string): readonly string[] => [
  ...['test', 'idlelib', 'turtledemo', 'lib2to3/tests'].map((name) => `lib/python${minor}/${name}`),
  ...['c_rehash', 'pip3', 'idle3', 'pydoc3', '2to3', 'python3-config'].map((name) => `bin/${name}`),
  ...['pip', 'idle', 'pydoc', '2to3-'].map((name) => `bin/${name}${minor}`),
  ...['share', 'libs', 'lib/cmake', 'lib/pkgconfig', `python${minor}`, 'libjnipython.so'],
];

/**
 * The packaging has its shared libraries beside the program's directory. A virtual environment copies the program, which
 * looks for libpython beside itself and then where the system's are; modules look for libffi one directory up.
 */
const placeLibraries = (minor: string): string =>
  [
    `mv ${HOME}/libffi.so* ${HOME}/lib/python${minor}/`,
    `mv ${HOME}/libpython${minor}.so.1.0 ${HOME}/lib/`,
    `ln -sfn ${HOME}/lib/libpython${minor}.so.1.0 /usr/lib/libpython${minor}.so.1.0`,
  ].join(' && ');

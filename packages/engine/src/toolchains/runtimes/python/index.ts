import type { RuntimeWish } from '@nx-nixpack/plan';
import { isSoft, newest, noVersion, type Release } from '../../versions/choose.js';
import type { Fits } from '../../versions/range.js';
import { NO_STEPS, linkPrograms } from '../parts.js';
import type { Runtime, RuntimeChoice, RuntimeSources } from '../runtime.js';
import { buildReleases, buildChoice, buildSteps } from './maven-build.js';
import { isOtherPatch, wishedPython } from './wished.js';

/** Python in releases of Debian that others may fall back to. */
const ELSEWHERE: readonly (readonly [
  release: string,
  version: readonly [number, number, number],
])[] = [
  ['trixie', [3, 13, 5]],
  ['bookworm', [3, 11, 2]],
  ['bullseye', [3, 9, 2]],
];
/** Wheels link to these and do not bring them. */
const FOR_WHEELS = ['libstdc++6', 'libgomp1'];

export const python: Runtime = {
  name: 'python',
  channel:
    "debian: python3; for versions that no release has, the builds of CPython in maven's org.bytedeco:cpython",
  verified: "Debian's signed index; the repository's checksums",
  license: 'PSF-2.0; the builds link OpenSSL (Apache-2.0) and libffi (MIT)',
  wanted: (attribute) => attributeVersion(attribute),

  async resolve(wish, sources) {
    const choice = await choose(wish, sources);
    return choice && { ...choice, instead: isOtherPatch(wish, choice.version) };
  },

  available: async (sources) =>
    [...(await debianReleases(sources)), ...(await buildReleases(sources))].map(({ numbers }) =>
      numbers.join('.'),
    ),

  steps: (resolved) => (resolved.archives.length === 0 ? debianSteps : buildSteps(resolved)),
};

async function choose(
  wish: RuntimeWish,
  sources: RuntimeSources,
): Promise<RuntimeChoice | undefined> {
  const fits = wishedPython(wish);
  const [debian] = await debianReleases(sources);
  if (debian !== undefined && (fits === undefined || fits(debian.numbers)))
    return debianChoice(debian);
  if (fits === undefined || isElsewhere(fits, sources.release)) return undefined;
  const builds = await buildReleases(sources);
  const build = newest(builds, fits);
  if (build !== undefined) return buildChoice(build, sources);
  if (isSoft(wish) && debian !== undefined) return debianChoice(debian);
  throw noVersion('Python', wish, [...builds, ...(debian ? [debian] : [])]);
}

/** `python3`, `python312`, `python3Full`: the minor begins at the second digit. */
function attributeVersion(attribute: string): string | undefined {
  const [, major, minor] = /^python(\d?)(\d*)(?:Full|Minimal)?$/.exec(attribute) ?? [];
  if (major === undefined) return undefined;
  return minor === '' || minor === undefined ? '' : `${major}.${minor}`;
}

async function debianReleases(sources: RuntimeSources): Promise<readonly Release[]> {
  const version = (await sources.versions('debian', 'python3')).at(-1);
  const numbers = /^(\d+)\.(\d+)\.(\d+)/
    .exec(version ?? '')
    ?.slice(1)
    .map(Number);
  return version === undefined || numbers === undefined ? [] : [{ version, numbers }];
}

/** Whether a later release of Debian has it: its security team looks after it, and after no build from elsewhere. */
function isElsewhere(fits: Fits, release: string): boolean {
  const here = ELSEWHERE.findIndex(([name]) => name === release);
  if (here < 0) return false;
  return ELSEWHERE.slice(here + 1).some(([, version]) => fits(version));
}

const debianChoice = ({ numbers }: Release): RuntimeChoice => ({
  version: numbers.join('.'),
  archives: [],
  env: {},
  packages: { run: ['python3', ...FOR_WHEELS], build: ['python3-venv', 'python3-dev'] },
});

/** Plans call it `python`; their packages go into a virtual environment, so that Debian's own stay as they are. */
const debianSteps = { ...NO_STEPS, run: [linkPrograms({ python: '/usr/bin/python3' })] };

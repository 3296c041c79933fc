import type { RuntimeWish } from '@nx-nixpack/plan';
import { isEarly, upstreamOf } from './debian-version.js';
import type { Runtime, RuntimeSources } from './runtime.js';

/** Versions that Debian's releases may have as openjdk-NUMBER. */
const KNOWN = [8, 11, 17, 21, 25, 26, 27, 28, 29] as const;
/** Those that get updates for years; a lower bound is met by the nearest of them. */
const LONG_TERM = [17, 21, 25] as const;
const ATTRIBUTE = /^(?:open)?jdk([0-9]*)(?:_headless)?$/;
const SBT = /\bjre\s*=\s*(?:pkgs\.)?jdk([0-9]*)\b/;

/** Debian's OpenJDK: the JDK where it is built, the headless runtime in the image. */
export const java: Runtime = {
  name: 'java',
  channel: 'debian',
  verified: "Debian's signed index",
  license: 'GPL-2.0 with classpath exception',

  wanted: (attribute) => (ATTRIBUTE.exec(attribute) ?? SBT.exec(attribute))?.[1],

  async resolve(wish, sources) {
    const there = await jdks(sources);
    const major = chosen(wish, [...there.keys()]);
    const version = major === undefined ? undefined : there.get(major);
    if (major === undefined || version === undefined) return undefined;
    const arch = sources.arch === 'x64' ? 'amd64' : 'arm64';
    return {
      version,
      archives: [],
      env: { JAVA_HOME: `/usr/lib/jvm/java-${major}-openjdk-${arch}` },
      packages: {
        run: [`openjdk-${major}-jre-headless`],
        build: [`openjdk-${major}-jdk-headless`],
      },
    };
  },

  available: async (sources) => [...(await jdks(sources)).values()],

  steps: () => ({ run: [], build: [] }),
};

/** Versions of the release by their major number. */
async function jdks(sources: RuntimeSources): Promise<ReadonlyMap<number, string>> {
  const found = await Promise.all(
    KNOWN.map(async (major) => {
      const version = (await sources.versions('debian', `openjdk-${major}-jdk-headless`)).at(-1);
      return version === undefined || isEarly(version) ? [] : [[major, version] as const];
    }),
  );
  return new Map(found.flat().map(([major, version]) => [major, upstreamOf(version)]));
}

/** What a source asks for is exact, or a lower bound when it starts with `>=`; a default is one as well. */
function chosen({ version = '', from }: RuntimeWish, there: readonly number[]): number | undefined {
  const number = majorOf(version);
  if (number === undefined) return there.at(-1);
  if (from !== undefined && !version.startsWith('>='))
    return there.includes(number) ? number : undefined;
  const nearest = LONG_TERM.find((each) => each >= number) ?? number;
  return there.includes(nearest) ? nearest : undefined;
}

/** `17`, `17.0.9`, `temurin-17`, and Java's old way: `1.8` is 8. */
function majorOf(version: string): number | undefined {
  const [first, second] = (/[0-9]+(?:\.[0-9]+)*/.exec(version)?.[0] ?? '').split('.');
  if (first === undefined || first === '') return undefined;
  return first === '1' && second !== undefined ? Number(second) : Number(first);
}

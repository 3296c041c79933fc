import type { RuntimeWish } from '@nx-nixpack/plan';
import type { Archive } from '@nx-nixpack/channels';
import { numbersOf } from '../versions/numbers.js';
import { linkPrograms, NO_PACKAGES, NO_STEPS, SHADOWED_BIN, unpackNpm } from './parts.js';
import { npmChoice, type NpmChoice } from './npm-program.js';
import type { Runtime, RuntimeSources } from './runtime.js';

/** From this major on the package `pnpm` only looks for a program of the platform. */
const FIRST_NATIVE = 12;
const HOME = '/opt/pnpm';

export const pnpm: Runtime = {
  name: 'pnpm',
  channel: 'npm: pnpm, @pnpm/exe.linux-x64, @pnpm/exe.linux-arm64',
  verified: "by the registry's sha512",
  license: 'MIT',
  wanted: (attribute) =>
    /^pnpm(?:[-_](\d+)(?:_x)?)?$/.exec(attribute)?.slice(1).join('') ?? undefined,

  async resolve(wish, sources) {
    const { version, archive } = await pnpmChoice(wish, sources);
    return { version, archives: [archive], env: {}, packages: NO_PACKAGES };
  },

  steps({ archives: [archive] }) {
    if (archive === undefined) return NO_STEPS;
    return {
      run: [unpackNpm(archive, { to: HOME, executable: executables(archive) }), links(archive)],
      build: [],
    };
  },
};

/** The program of the platform has the versions of the package. */
async function pnpmChoice(wish: RuntimeWish, sources: RuntimeSources): Promise<NpmChoice> {
  const choice = await npmChoice('pnpm', 'pnpm', wish, sources);
  if (!isNative(choice.version)) return choice;
  const name = `@pnpm/exe.linux-${sources.arch}`;
  return { ...choice, archive: await sources.archive('npm', name, choice.version) };
}

const isNative = (version: string): boolean =>
  (numbersOf(version.replace(/-.*/, ''))?.[0] ?? 0) >= FIRST_NATIVE;

const isProgram = ({ name }: Archive): boolean => name !== 'pnpm';

const executables = (archive: Archive): readonly string[] =>
  isProgram(archive) ? ['pnpm'] : ['bin'];

function links(archive: Archive) {
  const programs = isProgram(archive)
    ? { pnpm: `${HOME}/pnpm`, pn: `${HOME}/pnpm` }
    : { pnpm: `${HOME}/bin/pnpm.cjs`, pnpx: `${HOME}/bin/pnpx.cjs` };
  return linkPrograms(programs, SHADOWED_BIN);
}

import type { RuntimeWish } from '@nx-nixpack/plan';
import {
  isSoft,
  nearestTo,
  newest,
  noVersion,
  releases,
  type Release,
} from '../versions/choose.js';
import { numbersOf, type Numbers } from '../versions/numbers.js';
import { all, anything, atLeast, prefix } from '../versions/range.js';
import { linkPrograms, NO_STEPS, unpack } from './parts.js';
import type { Runtime } from './runtime.js';

const PACKAGE = 'ziglang';
const ROOT = '/opt/zig';

export const zig: Runtime = {
  name: 'zig',
  channel: `pypi: ${PACKAGE}`,
  verified: "by the index's sha256",
  license: 'MIT, with parts under others (LLVM, libc headers)',
  wanted: (attribute) =>
    /^zig(?:_(\d+)_(\d+))?$/.exec(attribute)?.slice(1).filter(Boolean).join('.') ?? undefined,

  async resolve(wish, sources) {
    const known = releases(await sources.versions('pypi', PACKAGE), numbersOfWheel);
    const { version } = zigRelease(wish, known);
    const archives = [await sources.archive('pypi', PACKAGE, version)];
    return { version, archives, env: {}, packages: { run: [], build: [] } };
  },

  steps({ archives: [archive] }) {
    if (archive === undefined) return NO_STEPS;
    const places = { from: PACKAGE, to: ROOT, except: ['doc'], executable: ['zig'] };
    const build = [unpack(archive, 'zip', places), linkPrograms({ zig: `${ROOT}/zig` })];
    return { run: [], build };
  },
};

/** A wheel may be published again: `0.13.0.post1`. */
const numbersOfWheel = (version: string): Numbers | undefined =>
  numbersOf(version.replace('.post', '.'));

/** The language changes with every minor: a minimum means the newest patch of its minor. */
function zigRelease(wish: RuntimeWish, known: readonly Release[]): Release {
  const wanted = (wish.version ?? '').replace(/-dev.*$/, '');
  const numbers = numbersOf(wanted);
  const found =
    numbers === undefined
      ? newest(known, anything)
      : newest(known, all([atLeast(numbers), prefix(numbers.slice(0, 2))]));
  const near = found ?? (isSoft(wish) ? nearestTo(known, wanted) : undefined);
  if (near !== undefined) return near;
  throw noVersion('Zig', wish, known);
}

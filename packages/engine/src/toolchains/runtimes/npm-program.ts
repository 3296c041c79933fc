import type { RuntimeWish } from '@nx-nixpack/plan';
import type { Archive } from '@nx-nixpack/channels';
import {
  isSoft,
  nearestTo,
  newest,
  noVersion,
  releases,
  type Release,
} from '../versions/choose.js';
import { npmRange } from '../versions/npm-range.js';
import type { RuntimeSources } from './runtime.js';

/** A version of a package of npm. */
export interface NpmChoice {
  readonly version: string;
  readonly archive: Archive;
}

/** The newest version of a package that fits a wish. Throws UserError TOOLCHAIN_UNAVAILABLE, naming the nearest ones. */
export async function npmChoice(
  what: string,
  name: string,
  wish: RuntimeWish,
  sources: RuntimeSources,
): Promise<NpmChoice> {
  const { version } = await npmRelease(what, name, wish, sources);
  return { version, archive: await sources.archive('npm', name, version) };
}

async function npmRelease(
  what: string,
  name: string,
  wish: RuntimeWish,
  sources: RuntimeSources,
): Promise<Pick<Release, 'version'>> {
  const versions = await sources.versions('npm', name);
  const wanted = exact(wish);
  // A prerelease is taken when it is named in full, never because a range would allow it.
  if (versions.includes(wanted)) return { version: wanted };
  const known = releases(versions);
  const fits = wanted === '' || wanted === 'latest' ? () => true : npmRange(wanted);
  const found = fits && newest(known, fits);
  const near = found ?? (isSoft(wish) ? nearestTo(known, wanted) : undefined);
  if (near !== undefined) return near;
  throw noVersion(what, wish, known);
}

/** `packageManager` may add a hash to the version, which corepack checks. */
const exact = ({ version = '' }: RuntimeWish): string => version.trim().replace(/^v|\+.*$/g, '');

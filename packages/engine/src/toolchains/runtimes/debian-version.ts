import type { RuntimeWish } from '@nx-nixpack/plan';
import { isSoft } from '../versions/choose.js';
import { constraint } from '../versions/constraint.js';
import { numbersOf } from '../versions/numbers.js';
import type { RuntimeSources } from './runtime.js';

/** The version that upstream gave it: `1:3.3.8+dfsg-2` is 3.3.8, `25.0.5+8-1~deb13u1` is 25.0.5. */
export const upstreamOf = (version: string): string =>
  /^(?:[0-9]+:)?([0-9]+(?:\.[0-9]+)*)/.exec(version)?.[1] ?? version;

/** Whether it was made before upstream's release: `27~34ea-1`. */
export const isEarly = (version: string): boolean =>
  /^(?:[0-9]+:)?[0-9.]+~(?:[0-9]*ea|alpha|beta|rc|early)/.test(version);

/** What the release has of a package, as upstream counts; undefined when it does not have it. */
export async function debianHas(
  sources: RuntimeSources,
  name: string,
): Promise<string | undefined> {
  const newest = (await sources.versions('debian', name)).at(-1);
  return newest === undefined ? undefined : upstreamOf(newest);
}

/** Whether a version is what the source asks for; a default, and words that are no constraint, leave it open. */
export function isAskedFor(version: string, wish: RuntimeWish): boolean {
  if (isSoft(wish) || wish.version === undefined) return true;
  return constraint(wish.version)?.(numbersOf(version) ?? []) ?? false;
}

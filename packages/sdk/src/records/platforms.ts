import { UserError } from '@nx-nixpack/base';
import type { Platform } from '@nx-nixpack/data';

/** What a record says for each platform. */
export type PerPlatform<T> = Readonly<Record<string, T>>;

/** The one entry of a record. Throws UserError UNSUPPORTED for several, until images for several platforms are built. */
export function onlyPlatform<T>(platforms: PerPlatform<T>): readonly [Platform, T] {
  const [only, ...others] = Object.entries(platforms) as [Platform, T][];
  if (only !== undefined && others.length === 0) return only;
  throw new UserError({
    code: 'UNSUPPORTED',
    message: 'Images for several platforms are not supported yet',
    hint: 'Name one platform.',
  });
}

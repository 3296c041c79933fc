import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Where blobs, snapshots and cached steps are kept: NX_NIXPACK_STORE, else what the workspace has configured (an absolute
 * path), else below the user's cache directory.
 */
export function storeDirectory(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  configured?: string,
): string {
  const named = environment['NX_NIXPACK_STORE'];
  if (named !== undefined && isAbsolute(named)) return named;
  if (configured !== undefined) return configured;
  const cache = environment['XDG_CACHE_HOME'];
  const base = cache !== undefined && isAbsolute(cache) ? cache : join(homedir(), '.cache');
  return join(base, 'nx-nixpack');
}

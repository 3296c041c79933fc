import type { ByteString } from '@nx-nixpack/base';

/**
 * What differs between two runs of the same commands on any engine and matters to no program of the image.
 * It stays for the later steps of a build and is in no layer. `*` is one name, everything below a match included.
 * Published in docs/engines/embedded.md.
 */
export const VOLATILE: readonly string[] = [
  'var/lib/apt/lists/*',
  'var/cache/apt/pkgcache.bin',
  'var/cache/apt/srcpkgcache.bin',
  'var/cache/apt/archives/*.deb',
  'var/log/apt/*',
  'var/log/dpkg.log',
  'var/log/alternatives.log',
  'var/cache/ldconfig/aux-cache',
  'var/lib/dpkg/*-old',
  'root/.npm/_logs',
  'root/.npm/_update-notifier-last-checked',
  'run/*',
  'tmp/*',
  '.dockerenv',
];

const EXPRESSION = new RegExp(`^(?:${VOLATILE.map(pattern).join('|')})$`);

/** Whether an entry, and all below it, is left out of layers. The path is relative, as in a layer. */
export const isVolatile = (path: ByteString): boolean => EXPRESSION.test(path);

function pattern(path: string): string {
  return path.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
}

import { readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { UserError } from '@nx-nixpack/base';
import { readText } from '../host-file.js';
import type { DebianSource } from './debian-sources.js';

type Variables = Readonly<Record<string, string | undefined>>;

/** Names a keyring of Debian's archive on a machine whose apt has none. */
export const KEYRING = 'NX_NIXPACK_DEBIAN_KEYRING';

/** Debian's own keyring, where its package puts it. */
const ARCHIVE_KEYRINGS = [
  '/usr/share/keyrings/debian-archive-keyring.gpg',
  '/usr/share/keyrings/debian-archive-keyring.pgp',
];

/**
 * The keyrings that Debian's releases may be signed with: the one that is named, else those that the sources name with Debian's
 * own, and what apt trusts for everything only where no source names any.
 */
export function debianKeys(
  sources: readonly DebianSource[],
  environment: Variables,
  apt = '/etc/apt',
): readonly Uint8Array[] {
  const named = environment[KEYRING];
  if (named !== undefined) return [namedKeyring(named)];
  const signedBy = [...new Set(sources.flatMap((source) => source.signedBy))];
  const inline = signedBy.filter((one) => one.startsWith('-----BEGIN'));
  const paths = signedBy.filter((one) => isAbsolute(one));
  const trusted = signedBy.length > 0 ? [] : trustedByApt(apt);
  const files = [...new Set([...paths, ...ARCHIVE_KEYRINGS, ...trusted])].flatMap(
    (path) => keyring(path) ?? [],
  );
  return [...inline.map((text) => Buffer.from(text)), ...files];
}

function namedKeyring(path: string): Uint8Array {
  const found = keyring(path);
  if (found !== undefined) return found;
  throw new UserError({
    code: 'CONFIG_INVALID_VALUE',
    message: `${KEYRING} names ${JSON.stringify(path)}, which cannot be read`,
    hint: 'Name the keyring of Debian, the file debian-archive-keyring.gpg of its package of that name.',
  });
}

function keyring(path: string): Uint8Array | undefined {
  try {
    const bytes = readFileSync(path);
    return bytes.length === 0 ? undefined : bytes;
  } catch {
    return undefined;
  }
}

function trustedByApt(apt: string): string[] {
  const parts = join(apt, 'trusted.gpg.d');
  return [join(apt, 'trusted.gpg'), ...filesIn(parts, /\.(?:gpg|asc)$/)];
}

function filesIn(directory: string, name: RegExp): string[] {
  try {
    const names = readdirSync(directory).filter((one) => name.test(one));
    return names.sort().map((one) => join(directory, one));
  } catch {
    return [];
  }
}

/** Whether apt refuses release files that have expired: frozen mirrors have no others. */
export function debianExpiry(apt = '/etc/apt'): boolean {
  const files = [...filesIn(join(apt, 'apt.conf.d'), /^[\w.-]+$/), join(apt, 'apt.conf')];
  const settings = files.map((path) => readText(path) ?? '').join('\n');
  const said = settings.matchAll(/^[^/\n]*Check-Valid-Until["\s]+"?(\w+)/gim);
  return [...said].every(([, value = '']) => !/^(?:false|no|0|off)$/i.test(value));
}

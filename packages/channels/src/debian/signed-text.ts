import type { Key, KeyID } from 'openpgp';
import { invalid, unavailable } from '../failures.js';

export interface SignedTextOptions {
  /** Whether what was right when it was signed is right for ever, as it is for a mirror that stands still. */
  readonly frozen: boolean;
}

/**
 * The text of a clear-signed message (RFC 9580, 7) that a key of the keyrings has signed. Throws UserError ARCHIVE_INVALID for
 * what is not or badly signed, or with a key that has expired since (whoever has it may say when), TOOLCHAIN_UNAVAILABLE when
 * none of its keys is known here.
 */
export async function signedText(
  what: string,
  message: string,
  keyrings: readonly Uint8Array[],
  { frozen }: SignedTextOptions,
): Promise<string> {
  // Half a megabyte of program, which most runs do not need.
  const { readCleartextMessage, readKeys, verify } = await import('openpgp');
  const read = await Promise.all(
    keyrings.map((keyring) =>
      isArmored(keyring)
        ? readKeys({ armoredKeys: Buffer.from(keyring).toString('latin1') })
        : readKeys({ binaryKeys: keyring }),
    ),
  );
  const cleartext = await readCleartextMessage({ cleartextMessage: message }).catch(() => {
    throw invalid(`${what} is not signed`);
  });
  const keys = read.flat();
  const { data, signatures } = await verify({ message: cleartext, verificationKeys: keys });
  const results = await Promise.allSettled(signatures.map(({ verified }) => verified));
  const ids = signatures.map(({ keyID }) => keyID);
  const right = ids.filter((_, index) => results[index]?.status === 'fulfilled');
  const current = await Promise.all(right.map(async (id) => frozen || (await isCurrent(keys, id))));
  if (current.includes(true)) return data;
  if (right.length > 0) throw invalid(`${what} is signed with a key that has expired`);
  if (ids.some((id) => ofId(keys, id).length > 0))
    throw invalid(`The signature of ${what} does not hold`);
  throw unavailable(
    `${what} is signed with keys that this machine does not have: ${names(ids)}`,
    'Install a newer debian-archive-keyring, or name a keyring in NX_NIXPACK_DEBIAN_KEYRING.',
  );
}

const ofId = (keys: readonly Key[], id: KeyID): readonly Key[] =>
  keys.filter((key) => key.getKeys(id).length > 0);

async function isCurrent(keys: readonly Key[], id: KeyID): Promise<boolean> {
  const now = new Date();
  const found = await Promise.allSettled(ofId(keys, id).map((key) => key.getSigningKey(id, now)));
  return found.some(({ status }) => status === 'fulfilled');
}

const names = (ids: readonly KeyID[]): string =>
  ids.map((id) => id.toHex().toUpperCase()).join(', ');

const isArmored = (keyring: Uint8Array): boolean =>
  Buffer.from(keyring.subarray(0, 64)).toString('latin1').trimStart().startsWith('-----BEGIN');

import { invalid, unavailable } from '../failures.js';

/**
 * The text of a clear-signed message (RFC 9580, 7) that a key of the keyrings has signed. Throws UserError ARCHIVE_INVALID for
 * what is not or badly signed, TOOLCHAIN_UNAVAILABLE when none of its keys is known here.
 */
export async function signedText(
  what: string,
  message: string,
  keyrings: readonly Uint8Array[],
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
  const { data, signatures } = await verify({ message: cleartext, verificationKeys: read.flat() });
  const results = await Promise.allSettled(signatures.map(({ verified }) => verified));
  if (results.some(({ status }) => status === 'fulfilled')) return data;
  const ids = signatures.map(({ keyID }) => keyID.toHex().toUpperCase());
  const known = new Set(
    read.flat().flatMap((key) => key.getKeyIDs().map((id) => id.toHex().toUpperCase())),
  );
  if (ids.some((id) => known.has(id))) throw invalid(`The signature of ${what} does not hold`);
  throw unavailable(
    `${what} is signed with keys that this machine does not have: ${ids.join(', ')}`,
    'Install a newer debian-archive-keyring, or name a keyring in NX_NIXPACK_DEBIAN_KEYRING.',
  );
}

const isArmored = (keyring: Uint8Array): boolean =>
  Buffer.from(keyring.subarray(0, 64)).toString('latin1').trimStart().startsWith('-----BEGIN');

import { createHash, createPublicKey, verify } from 'node:crypto';
import { invalid } from '../failures.js';

const ED25519 = 1;
/** What stands before an Ed25519 key in the form that the platform reads (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * The text of a signed note (golang.org/x/mod/sumdb/note) that the key of `verifier` has signed. Throws UserError
 * ARCHIVE_INVALID.
 */
export function signedNote(note: string, verifier: string): string {
  const { name, hash, key } = readVerifier(verifier);
  const [text, signatures] = parts(note);
  for (const line of signatures.split('\n')) {
    const [, signer, encoded = ''] = /^— (\S+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
    const bytes = Buffer.from(encoded, 'base64');
    if (signer !== name || !bytes.subarray(0, 4).equals(hash)) continue;
    if (verify(null, Buffer.from(text), key, bytes.subarray(4))) return text;
    throw invalid(`The signature of ${name} does not hold`);
  }
  throw invalid(`${name} has not signed what was sent for it`);
}

function parts(note: string): readonly [string, string] {
  const end = note.lastIndexOf('\n\n');
  return end < 0 ? ['', ''] : [note.slice(0, end + 1), note.slice(end + 2)];
}

export const verifierName = (verifier: string): string =>
  verifier.slice(0, Math.max(verifier.indexOf('+'), 0));

/** `name+hash+key`: the hash of four bytes says that the name belongs to the key. */
function readVerifier(verifier: string) {
  const [, name = '', digits = '', encoded = ''] =
    /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(verifier) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  const hash = createHash('sha256').update(`${name}\n`).update(bytes).digest().subarray(0, 4);
  if (bytes.length !== 33 || bytes[0] !== ED25519 || hash.toString('hex') !== digits)
    throw invalid(`The key of the checksum database ${name} cannot be read`);
  const der = Buffer.concat([SPKI, bytes.subarray(1)]);
  return { name, hash, key: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

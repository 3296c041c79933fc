import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** A stanza of a Packages file. */
export const packageText = (name: string, version: string, more = ''): string => {
  const content = `deb ${name} ${version}`;
  return `Package: ${name}
Version: ${version}
Architecture: amd64
${more}Filename: pool/main/t/${name}/${name}_${version}_amd64.deb
Size: ${content.length}
SHA256: ${sha256(content)}
Description: a ${name}
`;
};

export interface SignedSuite {
  readonly inRelease: string;
  /** In armor. */
  readonly key: Uint8Array;
  readonly packed: Buffer;
}

/** A suite of Debian as its mirror has it, signed with a key of its own. `more`: lines of its description. */
export async function signedSuite(
  codename: string,
  packages: string,
  more = '',
): Promise<SignedSuite> {
  const openpgp = await import('openpgp');
  const { privateKey, publicKey } = await openpgp.generateKey({
    userIDs: [{ name: 'Archive' }],
    format: 'armored',
  });
  const packed = gzipSync(packages);
  const text = `Codename: ${codename}
${more}SHA256:
 ${sha256(packed)} ${packed.length} main/binary-amd64/Packages.gz
`;
  const message = await openpgp.createCleartextMessage({ text });
  const signingKeys = await openpgp.readPrivateKey({ armoredKey: privateKey });
  const inRelease = await openpgp.sign({ message, signingKeys });
  return { inRelease, key: Buffer.from(publicKey), packed };
}

/** The files of a mirror by their paths, and the keys that its suites are signed with. */
export async function debianMirror(
  suites: Readonly<Record<string, string | { packages: string; more: string }>>,
): Promise<{ files: Readonly<Record<string, Uint8Array | string>>; keys: readonly Uint8Array[] }> {
  const files: Record<string, Uint8Array | string> = {};
  const keys: Uint8Array[] = [];
  for (const [codename, suite] of Object.entries(suites)) {
    const { packages, more = '' } = typeof suite === 'string' ? { packages: suite } : { ...suite };
    const { inRelease, key, packed } = await signedSuite(codename, packages, more);
    files[`dists/${codename}/InRelease`] = inRelease;
    files[`dists/${codename}/main/binary-amd64/Packages.gz`] = packed;
    keys.push(key);
  }
  return { files, keys };
}

import { createHash, X509Certificate } from 'node:crypto';

/** The password of every JDK's own store; it protects nothing, since certificates are public. */
const PASSWORD = 'changeit';
/** Magic number and version of a Java KeyStore. */
const HEAD = [0xfeedfeed, 2];
const TRUSTED = 2;

/**
 * The certificates of a PEM bundle as a Java KeyStore, which every JDK since 1.2 takes for a trust store: entries of DER
 * certificates, then SHA-1 over the password, a constant and all before (OpenJDK, sun.security.provider.JavaKeyStore).
 */
export function trustStore(pem: Uint8Array): Buffer {
  const known = made.get(pem);
  if (known) return known;
  const entries = certificatesIn(Buffer.from(pem).toString('latin1')).map(entry);
  const body = Buffer.concat([...HEAD.map(int), int(entries.length), ...entries]);
  const store = Buffer.concat([body, digest(body)]);
  made.set(pem, store);
  return store;
}

/** Every step of a build asks for the same one. */
const made = new WeakMap<Uint8Array, Buffer>();

function certificatesIn(text: string): Buffer[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.flatMap((block) => {
    try {
      return [new X509Certificate(block).raw];
    } catch {
      return []; // one that no program can read must not make the others unreadable to Java
    }
  });
}

const entry = (certificate: Buffer, index: number): Buffer =>
  Buffer.concat([
    int(TRUSTED),
    utf(`host-${index}`),
    Buffer.alloc(8), // when it was added
    utf('X.509'),
    int(certificate.length),
    certificate,
  ]);

const digest = (body: Buffer): Buffer =>
  createHash('sha1')
    .update(Buffer.from(PASSWORD, 'utf16le').swap16())
    .update('Mighty Aphrodite')
    .update(body)
    .digest();

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function utf(text: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([length, Buffer.from(text, 'latin1')]);
}

import { createHash, X509Certificate } from 'node:crypto';
import { CERTIFICATE } from './certificate.fixture.js';
import { trustStore } from './trust-store.js';

describe('trustStore', () => {
  const store = trustStore(Buffer.from(`# Acme\n${CERTIFICATE}`));

  it('is a Java KeyStore of trusted certificates', () => {
    expect(store.readUInt32BE(0)).toBe(0xfeedfeed);
    expect(store.readUInt32BE(4)).toBe(2);
    expect(store.readUInt32BE(8)).toBe(1);
    const { raw } = new X509Certificate(CERTIFICATE);
    expect(store.subarray(-20 - raw.length, -20).equals(raw)).toBe(true);
  });

  it('ends in the digest that a JDK computes for the usual password', () => {
    const password = Buffer.from([...'changeit'].flatMap((letter) => [0, letter.charCodeAt(0)]));
    const hash = createHash('sha1').update(password).update('Mighty Aphrodite');
    expect(store.subarray(-20)).toEqual(hash.update(store.subarray(0, -20)).digest());
  });

  it('leaves out what is no certificate, which would make all others unreadable', () => {
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    expect(trustStore(Buffer.from(broken + CERTIFICATE))).toEqual(store);
  });
});

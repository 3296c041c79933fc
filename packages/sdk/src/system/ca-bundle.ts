import { existsSync } from 'node:fs';
import { readText } from './host-file.js';

/** Files of certificates that programs of this machine trust instead of the system's. */
const CA_BUNDLES = ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE'];
const SYSTEM_CA_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
];
/** More of them. */
const EXTRA_CA_BUNDLE = 'NODE_EXTRA_CA_CERTS';

/** The certificates that this machine trusts, each once. undefined: it says nothing of them. */
export function caBundleOf(
  environment: Readonly<Record<string, string | undefined>>,
): Buffer | undefined {
  const named = CA_BUNDLES.map((name) => environment[name]);
  const trusted = [...named, ...SYSTEM_CA_BUNDLES].find((path) => path && existsSync(path));
  const texts = [trusted, environment[EXTRA_CA_BUNDLE]].map(
    (path) => (path && readText(path)) ?? '',
  );
  const blocks = texts.flatMap((text) => text.match(CERTIFICATE) ?? []);
  return blocks.length === 0 ? undefined : Buffer.from(`${[...new Set(blocks)].join('\n')}\n`);
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

import { isLoopback } from '@nx-nixpack/base';
import { parse } from 'tldts';

/**
 * What a token server may be given. A registry names its token server itself, so a hostile or hijacked one could name
 * any address: to have our credentials, or to make us ask something inside our network.
 */
export type RealmTrust = 'credentials' | 'anonymous' | 'refused';

/** Origins (`https://auth.example`) that a user trusts with the credentials of a registry, by its `host[:port]`. */
export type TokenServers = ReadonlyMap<string, readonly string[]>;

/**
 * Credentials go to the registry's own host and port; over https also to port 443 of its host, which only the owner of
 * the machine can open, and to hosts of the same owner; else only where `configured` says. On this machine every port may
 * belong to somebody else, so no other one is asked at all. Nothing goes over http, unless both are on this machine.
 */
export function trustRealm(
  registry: URL,
  realm: URL,
  configured: readonly string[] = [],
): RealmTrust {
  const bothLoopback = isLoopback(registry.hostname) && isLoopback(realm.hostname);
  if (realm.username !== '' || realm.password !== '') return 'refused';
  if (realm.protocol !== 'https:' && !(realm.protocol === 'http:' && bothLoopback))
    return 'refused';
  if (configured.includes(realm.origin) || realm.host === registry.host) return 'credentials';
  if (isLoopback(realm.hostname)) return 'refused';
  if (realm.hostname === registry.hostname) return realm.port === '' ? 'credentials' : 'anonymous';
  if (isAddress(realm) || !realm.hostname.includes('.')) return 'refused';
  if (isAddress(registry)) return 'anonymous';
  const domain = registrableDomain(registry.hostname);
  const isOfOneOwner = domain !== undefined && domain === registrableDomain(realm.hostname);
  return isOfOneOwner && realm.port === '' ? 'credentials' : 'anonymous';
}

/** URL has brought every way to write an IPv4 address into dotted form. */
const isAddress = ({ hostname }: URL): boolean =>
  hostname.startsWith('[') || /^\d+(?:\.\d+){3}$/.test(hostname);

/** Domains below which customers have names, and which are not in the public suffix list, or only in part. */
const SHARED = [
  'amazonaws.com',
  'azurecr.cn',
  'azurecr.io',
  'azurecr.us',
  'b-cdn.net',
  'fastly.net',
  'googleusercontent.com',
  'jfrog.io',
  'nip.io',
  'on.aws',
  'oraclecloud.com',
  'pkg.dev',
  'railway.app',
  'scw.cloud',
  'sslip.io',
  'windows.net',
];

/**
 * The part of a name that one owner holds, by the public suffix list with the domains that companies have put there
 * themselves. Undefined when it cannot tell: for a suffix itself, and below a top domain that is not in the list, such as
 * those that a cluster or a company gives names in.
 */
function registrableDomain(hostname: string): string | undefined {
  const name = hostname.replace(/\.$/, '');
  if (SHARED.some((shared) => `.${name}`.endsWith(`.${shared}`))) return undefined;
  const options = { allowPrivateDomains: true, extractHostname: false };
  const { domain, isIcann, isPrivate } = parse(name, options);
  return isIcann || isPrivate ? (domain ?? undefined) : undefined;
}

import { isLoopback } from '@nx-nixpack/base';

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

/**
 * Domains below which everybody can have a name. Without the public suffix list the rule errs on the side of refusing:
 * below a country's domain a short second part counts as a suffix too (`co.uk`, `com.au`, `ne.jp`).
 */
const SHARED: ReadonlySet<string> = new Set([
  'amazonaws.com',
  'appspot.com',
  'azure-api.net',
  'azurecr.cn',
  'azurecr.io',
  'azurecr.us',
  'azureedge.net',
  'azurewebsites.net',
  'b-cdn.net',
  'cloudapp.net',
  'cloudfront.net',
  'cloudfunctions.net',
  'digitaloceanspaces.com',
  'duckdns.org',
  'elasticbeanstalk.com',
  'fastly.net',
  'firebaseapp.com',
  'fly.dev',
  'github.io',
  'githubusercontent.com',
  'gitlab.io',
  'googleapis.com',
  'googleusercontent.com',
  'govt.nz',
  'herokuapp.com',
  'jfrog.io',
  'netlify.app',
  'ngrok-free.app',
  'ngrok.app',
  'ngrok.io',
  'nip.io',
  'on.aws',
  'ondigitalocean.app',
  'onrender.com',
  'oraclecloud.com',
  'pages.dev',
  'pkg.dev',
  'r2.dev',
  'railway.app',
  'run.app',
  'scw.cloud',
  'sslip.io',
  'trafficmanager.net',
  'vercel.app',
  'web.app',
  'windows.net',
  'workers.dev',
]);

/** The part of a name that one owner holds, as far as a small table can tell; undefined when it cannot. */
function registrableDomain(hostname: string): string | undefined {
  const labels = hostname.replace(/\.$/, '').split('.');
  const [second = '', top = ''] = labels.slice(-2);
  if (labels.length < 2 || SHARED.has(`${second}.${top}`)) return undefined;
  const isSuffix = top.length === 2 && second.length <= 3 && top !== 'io';
  if (!isSuffix) return `${second}.${top}`;
  return labels.length < 3 ? undefined : labels.slice(-3).join('.');
}

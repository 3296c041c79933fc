import { compareText } from '@nx-nixpack/base';
import type { ChannelAccess, ChannelTrust, GoChecksums, Mirror } from '@nx-nixpack/channels';
import type { HostNetwork } from '@nx-nixpack/engine';
import { hasPassword } from '../host-file.js';
import { GO_DOMAIN, type ClientDefaults } from './client-defaults.js';
import { debianSources, type DebianSource } from './debian-sources.js';
import { debianExpiry, debianKeys } from './debian-trust.js';

type Variables = Readonly<Record<string, string | undefined>>;
type Host = Pick<HostNetwork, 'env' | 'files' | 'aptSources'>;

/** Names mirrors of Debian on a machine whose apt has none. */
export const DEBIAN_MIRROR = 'NX_NIXPACK_DEBIAN_MIRROR';

/**
 * Where this machine's channels are served: what it is configured with for each channel's ordinary client, else what that client
 * asks by itself. No address stands in this project.
 */
export function channelMirrors(
  host: Host,
  environment: Variables,
  defaults: ClientDefaults,
): Pick<ChannelAccess, 'mirrors' | 'trust'> {
  const sources = debianSources(host.aptSources);
  const named = environment[DEBIAN_MIRROR];
  const npm = host.env['npm_config_registry'] ?? environment['NPM_CONFIG_REGISTRY'];
  const mirrors: Record<string, readonly Mirror[]> = {
    debian: named === undefined ? ofSources(sources, environment) : anyOf(named.split(/[\s,]+/)),
    npm: anyOf([npm ?? defaults.npm()]),
    pypi: anyOf([host.env['PIP_INDEX_URL'] ?? defaults.pypi()]),
    go: goMirrors(host.env['GOPROXY'] ?? defaults.go() ?? ''),
    maven: anyOf([mavenMirror(host.files) ?? defaults.maven()]),
  };
  return { mirrors, trust: trustOf(sources, host.env, environment) };
}

function trustOf(
  sources: ReturnType<typeof debianSources>,
  env: Host['env'],
  environment: Variables,
): ChannelTrust {
  const goChecksums = goChecksumsOf(env);
  return {
    debianKeys: debianKeys(sources, environment),
    debianExpiry: debianExpiry(),
    ...(goChecksums && { goChecksums }),
  };
}

/**
 * The mirrors of apt's sources, each with the keys that apt would believe there. Third parties have suites named as Debian's are,
 * so they come last.
 */
function ofSources(sources: readonly DebianSource[], environment: Variables): Mirror[] {
  const own = sources.filter(isSignedByDebian);
  const others = sources.filter((source) => !own.includes(source));
  const found = new Map<string, Mirror>();
  for (const source of [...own, ...others])
    for (const { url, next } of anyOf(source.uris)) {
      const before = found.get(url)?.keys ?? [];
      const keys = debianKeys([source], environment).filter(
        (key) => !before.some((one) => Buffer.compare(one, key) === 0),
      );
      found.set(url, { url, next, keys: [...before, ...keys] });
    }
  return [...found.values()];
}

const isSignedByDebian = ({ signedBy }: DebianSource): boolean =>
  signedBy.length === 0 || signedBy.some((path) => /\/debian-archive-[^/]*$/.test(path));

const anyOf = (urls: readonly (string | undefined)[]): Mirror[] =>
  urls.flatMap((url) => mirror(url, 'any') ?? []);

/** Credentials are not sent to channels, so an address with some is no mirror. */
function mirror(text: string | undefined, next: Mirror['next']): Mirror | undefined {
  if (text === undefined || hasPassword(text) || !URL.canParse(text)) return undefined;
  const { protocol, origin, pathname } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return undefined;
  return { url: `${origin}${pathname.replace(/\/*$/, '/')}`, next };
}

/** `,` and `|` (Go modules reference, GOPROXY); nothing is fetched from version control, and after `off` nothing at all. */
function goMirrors(list: string): Mirror[] {
  const found: Mirror[] = [];
  for (const [, text = '', separator] of list.matchAll(/([^,|]+)([,|]?)/g)) {
    if (text.trim() === 'off') break;
    const one = mirror(text.trim(), separator === '|' ? 'any' : 'missing');
    if (one !== undefined) found.push(one);
  }
  return found;
}

/** The key of Go's checksum database, as Go itself has it. */
const GO_KEY = '033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8';

/** A name without a key, as Go has one for places that do not reach the database, can only be another address of the same. */
function goChecksumsOf(env: Host['env']): GoChecksums | undefined {
  const known = `sum.${GO_DOMAIN}`;
  const [named = known, address] = (env['GOSUMDB'] || known).split(/\s+/);
  if (named === 'off') return undefined;
  const verifier = named.includes('+') ? named : `${known}+${GO_KEY}`;
  const name = named.split('+', 1)[0];
  const url = mirror(address ?? `https://${name}`, 'any')?.url ?? `https://${known}/`;
  const except = [env['GONOSUMDB'], env['GOPRIVATE']].flatMap((list) => list?.split(',') ?? []);
  return { verifier, url, except: except.filter((glob) => glob !== '').sort(compareText) };
}

/** The mirror that Maven would ask instead of Central. */
function mavenMirror(files: Host['files'] = {}): string | undefined {
  const settings = Object.entries(files).find(([path]) => path.endsWith('/maven.xml'))?.[1] ?? '';
  const text = Buffer.from(settings).toString('utf8');
  for (const [, of = '', url] of text.matchAll(/<mirrorOf>([^<]*)<\/mirrorOf><url>([^<]*)<\/url>/g))
    if (meansCentral(of)) return url;
  return undefined;
}

function meansCentral(mirrorOf: string): boolean {
  const words = mirrorOf.split(',').map((word) => word.trim());
  return !words.includes('!central') && words.some((word) => CENTRAL.includes(word));
}

const CENTRAL = ['central', '*', 'external:*'];

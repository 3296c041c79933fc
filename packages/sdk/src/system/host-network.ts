import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { UserError } from '@nx-nixpack/base';
import type { HostNetwork } from '@nx-nixpack/engine';
import {
  HOST_FACTS,
  urlsOf,
  type LanguageFacts,
  type LentSettings,
} from '@nx-nixpack/engine/host-facts';
import { aptSources } from './apt-sources.js';
import { caBundleOf } from './ca-bundle.js';
import { hasPassword, readText } from './host-file.js';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * What the build may use of this machine's network: name resolution, trusted certificates, proxies and mirrors.
 * Read from where the ordinary clients read it; credentials are never taken along.
 */
export function hostNetwork(environment: Variables = process.env, home = homedir()): HostNetwork {
  const caBundle = caBundleOf(environment);
  const passed = passedOn(environment);
  const lent = HOST_FACTS.flatMap(({ file }) =>
    file ? [lentBy(file, environment, home, passed)] : [],
  );
  const settings = {
    env: withoutCredentials({ ...merged(lent.map(({ env }) => env)), ...passed }),
    files: merged(lent.map(({ files }) => files)),
    aptSources: aptSources('/etc/apt'),
  };
  return {
    resolvConf: readText('/etc/resolv.conf') ?? '',
    hosts: readText('/etc/hosts') ?? '127.0.0.1 localhost\n',
    ...(caBundle === undefined ? {} : { caBundle }),
    ...settings,
    loopbackPorts: loopbackPorts(settings, environment[LOOPBACK_PORTS]),
  };
}

const merged = (
  all: readonly (Readonly<Record<string, string>> | undefined)[],
): Record<string, string> => Object.assign({}, ...all) as Record<string, string>;

/** A build that is cut off from what the host has configured. */
export const isolatedNetwork: HostNetwork = {
  resolvConf: '',
  hosts: '127.0.0.1 localhost\n',
  env: {},
  aptSources: [],
  loopbackPorts: [],
};

/** The variables of this machine that languages know their proxies and mirrors by. */
function passedOn(environment: Variables): Record<string, string> {
  const patterns = HOST_FACTS.flatMap((facts) => facts.passedOn ?? []);
  const isNamed = (name: string): boolean =>
    patterns.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one));
  const entries = Object.entries(environment).filter(([name, value]) => isNamed(name) && value);
  return withoutCredentials(Object.fromEntries(entries) as Record<string, string>);
}

/** The same settings where the clients' own configuration files hold them. */
function lentBy(
  { places, lend }: NonNullable<LanguageFacts['file']>,
  environment: Variables,
  home: string,
  passed: Record<string, string>,
): LentSettings {
  const config = environment['XDG_CONFIG_HOME'] || join(home, '.config');
  const paths = places.map((place) =>
    place.startsWith('.config/') ? join(config, place.slice(8)) : resolve(home, place),
  );
  const text = paths.map(readText).find((found) => found !== undefined);
  return lend(text ?? '', passed);
}

/** Names more ports of this machine's loopback that builds may reach: `4873,8081`. */
const LOOPBACK_PORTS = 'NX_NIXPACK_LOOPBACK_PORTS';

/** Those of the proxies and mirrors that are passed on, and those that were named. */
function loopbackPorts(settings: Parameters<typeof urlsOf>[0], named = ''): number[] {
  const ofUrls = urlsOf(settings)
    .filter(({ hostname }) => isLoopback(hostname))
    .map(({ port, protocol }) => Number(port || (protocol === 'https:' ? 443 : 80)));
  const ports = [...ofUrls, ...named.split(',').filter(Boolean).map(portOf)];
  return [...new Set(ports)].sort((a, b) => a - b);
}

/**
 * Narrower than the rule of `base`: the fence around a step relays to 127.0.0.1 alone, under its address or the name that every
 * /etc/hosts has for it; `[::1]` and `x.localhost` would be a promise that the step cannot use.
 */
const isLoopback = (host: string): boolean => /^(?:localhost|127\.\d+\.\d+\.\d+)$/.test(host);

function portOf(text: string): number {
  const port = Number(text.trim());
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new UserError({
    code: 'CONFIG_INVALID_VALUE',
    message: `${LOOPBACK_PORTS} names ${JSON.stringify(text)}, which is not a port`,
    hint: `Write numbers from 1 to 65535 with commas between them: ${LOOPBACK_PORTS}=4873,8081.`,
  });
}

/** A URL with a user or password is a credential: its place is a secret, not the build's environment. */
function withoutCredentials(variables: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => !hasPassword(value)));
}

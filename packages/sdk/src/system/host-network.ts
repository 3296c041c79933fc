import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@nx-nixpack/base';
import type { HostNetwork } from '@nx-nixpack/engine';

type Variables = Readonly<Record<string, string | undefined>>;

/** Proxies in both spellings, and mirrors that tools take from the environment. */
const PASSED_ON = [
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'npm_config_registry',
  'PIP_INDEX_URL',
  'PIP_EXTRA_INDEX_URL',
  'PIP_TRUSTED_HOST',
  'UV_INDEX_URL',
  'GOPROXY',
  'GOSUMDB',
  'GONOSUMDB',
  'GOPRIVATE',
];
const CA_BUNDLES = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE'];
const SYSTEM_CA_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
];

/**
 * What the build may use of this machine's network: name resolution, trusted certificates, proxies and mirrors.
 * Read from where the ordinary clients read it; credentials are never taken along.
 */
export function hostNetwork(environment: Variables = process.env, home = homedir()): HostNetwork {
  const caBundle = readCaBundle(environment);
  const env = withoutCredentials({
    ...fromFiles(environment, home),
    ...fromEnvironment(environment),
  });
  const apt = aptSources('/etc/apt');
  return {
    resolvConf: readText('/etc/resolv.conf') ?? '',
    hosts: readText('/etc/hosts') ?? '127.0.0.1 localhost\n',
    ...(caBundle === undefined ? {} : { caBundle }),
    env,
    aptSources: apt,
    loopbackPorts: loopbackPorts(
      [...Object.values(env), ...apt.map(({ content }) => content)],
      environment[LOOPBACK_PORTS],
    ),
  };
}

/** A build that is cut off from what the host has configured. */
export const isolatedNetwork: HostNetwork = {
  resolvConf: '',
  hosts: '127.0.0.1 localhost\n',
  env: {},
  aptSources: [],
  loopbackPorts: [],
};

function readCaBundle(environment: Variables): Buffer | undefined {
  const named = CA_BUNDLES.map((name) => environment[name]).filter((path) => path !== undefined);
  const path = [...named, ...SYSTEM_CA_BUNDLES].find((candidate) => existsSync(candidate));
  return path === undefined ? undefined : readFileSync(path);
}

function fromEnvironment(environment: Variables): Record<string, string> {
  const entries = PASSED_ON.map((name) => [name, environment[name]] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => !!entry[1]));
}

/** The same settings where the clients' own configuration files hold them. */
function fromFiles(environment: Variables, home: string): Record<string, string> {
  const config = environment['XDG_CONFIG_HOME'] ?? join(home, '.config');
  const registry = setting(join(home, '.npmrc'), 'registry');
  const index =
    setting(join(config, 'pip', 'pip.conf'), 'index-url') ?? setting('/etc/pip.conf', 'index-url');
  const goEnv = join(config, 'go', 'env');
  const go = ['GOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GOPRIVATE'].map((name) => [
    name,
    setting(goEnv, name),
  ]);
  const all = [['npm_config_registry', registry], ['PIP_INDEX_URL', index], ...go];
  return Object.fromEntries(
    all.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** The value of `name = value` or `name=value` in a file of such lines. */
function setting(path: string, name: string): string | undefined {
  const lines = readText(path)?.split('\n') ?? [];
  for (const line of lines) {
    const [key, ...value] = line.split('=');
    if (key?.trim() === name) return value.join('=').trim();
  }
  return undefined;
}

/** Names more ports of this machine's loopback that builds may reach: `4873,8081`. */
const LOOPBACK_PORTS = 'NX_NIXPACK_LOOPBACK_PORTS';

/** Those of the proxies and mirrors that are passed on, and those that were named. */
function loopbackPorts(settings: readonly string[], named = ''): number[] {
  const ofUrls = settings
    .flatMap((value) => value.split(/[\s,|]+/))
    .filter((word) => URL.canParse(word))
    .map((word) => new URL(word))
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

export function aptSources(directory: string): { name: string; content: string }[] {
  const parts = join(directory, 'sources.list.d');
  const names = existsSync(parts)
    ? readdirSync(parts)
        .filter((name) => /\.(list|sources)$/.test(name))
        .sort()
    : [];
  const files = [
    ['sources.list', join(directory, 'sources.list')],
    ...names.map((name) => [name, join(parts, name)]),
  ];
  return files.flatMap(([name, path]) => {
    const content = withoutPasswords(
      readText(path as string) ?? '',
      /\.sources$/.test(name as string),
    );
    return content.trim() === '' ? [] : [{ name: name as string, content }];
  });
}

/** Sources, one a line or a paragraph each, but for those whose address holds a password. */
function withoutPasswords(text: string, paragraphs: boolean): string {
  const separator = paragraphs ? /\n[ \t]*\n/ : '\n';
  const kept = text.split(separator).filter((source) => !hasPassword(source));
  return kept.join(paragraphs ? '\n\n' : '\n');
}

const hasPassword = (text: string): boolean => /\/\/[^/\s]*@/.test(text);

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

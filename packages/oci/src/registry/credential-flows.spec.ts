import { inspect } from 'node:util';
import { type ErrorCode, UserError } from '@nx-nixpack/base';
import {
  type Exchange,
  leaksIn,
  type Reply,
  type Script,
  scriptedRunner,
  SECRET_FORMS,
  type Site,
  web,
} from '@nx-nixpack/testing';
import { dockerCredentials } from '../credentials/docker-credentials.js';
import { type Digest, digestOf } from '../digest.js';
import { Image } from '../image.js';
import { pullImage } from './pull-image.js';
import type { BlobStore } from './pull.js';
import { pushContent } from './push-content.js';

/** Every secret that takes part in a flow. Letters that each encoding writes in another way, and no two windows alike. */
const SECRETS = {
  password: 'p4$$ W0/rd+"é"=%&~Zq8\\vT',
  identity: 'identity-7f3a!9c2e*5b1d',
  registryToken: 'registry.token-5e8b2d9f0c1a',
  access: 'access.token-3d7c9e1f2b4a6058',
  /** Of a registry that has no part in any flow. */
  other: 'other-Pa55/word+for=elsewhere',
};
const IMAGE = Image.scratch('linux/amd64');
const HOST = 'example.com';
const b64 = (text: string): string => Buffer.from(text).toString('base64');

interface Flow {
  readonly name: string;
  readonly config?: unknown;
  readonly helpers?: Readonly<Record<string, Script>>;
  readonly registry?: string;
  readonly sites: Readonly<Record<string, Site>>;
  readonly push?: boolean;
  readonly trusted?: readonly string[];
  /** Hosts that get secrets: these and no others. */
  readonly gets: readonly string[];
  readonly verdict: 'done' | ErrorCode;
  readonly says?: RegExp;
}

const CONFIGS = {
  basic: { auth: b64(`user:${SECRETS.password}`) },
  'an identity token': { identitytoken: SECRETS.identity },
  'a registry token': { registrytoken: SECRETS.registryToken },
} as const;
type Kind = keyof typeof CONFIGS;
const KINDS = Object.keys(CONFIGS) as Kind[];
const auths = (entry: object = CONFIGS.basic, registry = HOST): object => ({
  auths: { [registry]: entry, 'elsewhere.example': { auth: b64(`x:${SECRETS.other}`) } },
});

const BASIC = `Basic ${b64(`user:${SECRETS.password}`)}`;
const BEARERS = [`Bearer ${SECRETS.access}`, `Bearer ${SECRETS.registryToken}`];
const json = (value: unknown, status = 200, headers = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
});
const refuse = (challenge: string): Reply => ({
  status: 401,
  headers: { 'www-authenticate': challenge },
});

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of body) text += chunk.toString();
  return text;
}

/** Gives a token to whoever says a right password or identity token, in any way that is allowed. */
const tokens: Site = async ({ headers, body }) => {
  const form = new URLSearchParams(await textOf(body));
  const isKnown = headers.authorization === BASIC || form.get('refresh_token') === SECRETS.identity;
  return isKnown ? json({ token: SECRETS.access }) : json({ errors: [] }, 401);
};

type Answer = (exchange: Exchange) => Reply | undefined | Promise<Reply | undefined>;

/** A registry that has IMAGE and takes it; without a realm it wants basic authorization. `first` may answer otherwise. */
function registry(realm?: string, first: Answer = () => undefined): Site {
  const known = new Set<string>();
  return async (exchange) => {
    const { method, path, headers } = exchange;
    if (path === '/token') return tokens(exchange);
    if (realm === undefined && headers.authorization !== BASIC) return refuse('Basic realm="r"');
    if (realm !== undefined && !BEARERS.includes(headers.authorization ?? ''))
      return refuse(`Bearer realm="${realm}",service="s"`);
    const other = await first(exchange);
    if (other) return other;
    if (method === 'POST') return { status: 202, headers: { location: '/v2/a/b/blobs/uploads/s' } };
    if (method === 'PUT') known.add(path.includes('manifests') ? 'manifest' : 'blob');
    return method === 'PUT' ? { status: 201 } : content(exchange, known);
  };
}

function content({ method, path }: Exchange, known: ReadonlySet<string> = new Set()): Reply {
  const isThere = known.size > 0 || method === 'GET' || !path.includes('push');
  if (path.includes('/blobs/'))
    return isThere ? { status: 200, body: Buffer.from(IMAGE.configBytes) } : { status: 404 };
  return {
    status: 200,
    headers: { 'content-type': IMAGE.mediaType, 'docker-content-digest': IMAGE.digest },
    body: method === 'HEAD' ? '' : Buffer.from(IMAGE.manifest),
  };
}

function memoryStore(): BlobStore {
  const blobs = new Map<Digest, Buffer>();
  return {
    has: (digest) => blobs.has(digest),
    async *openBlob(digest) {
      yield blobs.get(digest) as Buffer;
    },
    async writeBlob(chunks) {
      const parts: Uint8Array[] = [];
      for await (const chunk of chunks) parts.push(chunk);
      const bytes = Buffer.concat(parts);
      blobs.set(digestOf(bytes), bytes);
      return { digest: digestOf(bytes), size: bytes.byteLength };
    },
  };
}

async function run(flow: Flow) {
  const { registry: host = HOST, config = auths(undefined, host), helpers = {} } = flow;
  const said: string[] = [];
  const note = (text: string): void => void said.push(text);
  const net = web(flow.sites);
  const credentials = dockerCredentials({
    env: { PATH: '/usr/bin' },
    homeDirectory: '/home/u',
    runner: scriptedRunner(helpers),
    readFile: (path) =>
      path !== '/home/u/.docker/config.json'
        ? undefined
        : typeof config === 'string'
          ? config
          : JSON.stringify(config),
  });
  const access = {
    transport: net,
    credentials,
    progress: { step: note, output: note, warn: note },
    sleep: () => Promise.resolve(),
    tokenServers: new Map([[host, flow.trusted ?? []]]),
  };
  const to = { registry: host, repository: 'a/b' };
  const work = flow.push
    ? pushContent(IMAGE, { ...to, repository: 'a/push' }, { ...access, tags: ['v1'] })
    : pullImage({ ...to, tag: 'v1' }, { ...access, platform: 'linux/amd64', store: memoryStore() });
  const error: unknown = await work.then(
    () => undefined,
    (problem: unknown) => problem,
  );
  if (error !== undefined && !(error instanceof UserError)) throw error;
  const shown =
    error === undefined ? said : [...said, inspect(error, { depth: 9 }), error.message, error.hint];
  return { error, shown, requests: net.requests };
}

async function check(flow: Flow): Promise<void> {
  const { error, shown, requests } = await run(flow);
  expect(error?.code ?? 'done').toBe(flow.verdict);
  if (flow.says) expect(shown.join('\n')).toMatch(flow.says);
  for (const line of shown) expect(leaksIn(line, SECRETS)).toEqual([]);
  const told = new Set<string>();
  for (const { url, headers, body } of requests) {
    const all = [url.href, unescaped(url.href), ...Object.values(headers), body].join('\n');
    expect(leaksIn(all, { other: SECRETS.other })).toEqual([]);
    if (leaksIn(all, SECRETS).length > 0) told.add(url.host);
  }
  expect([...told].sort()).toEqual([...flow.gets].sort());
}

const unescaped = (text: string): string =>
  text.replace(/%[2-7][0-9a-f]/gi, (byte) => decodeURIComponent(byte));

const flows: Flow[] = [];

/** Where the token server is said to be, and whether it may have credentials. */
const REALMS: readonly (readonly [
  realm: string,
  trust: 'yes' | 'anonymous' | 'no',
  registry?: string,
])[] = [
  [`https://${HOST}/token`, 'yes'],
  ['https://auth.example.com/token', 'yes'],
  ['https://example.com:8443/token', 'anonymous'],
  ['https://auth.example.com:8443/token', 'anonymous'],
  ['https://evil.test/token', 'anonymous'],
  ['https://example.com.evil.test/token', 'anonymous'],
  ['https://evil-example.com/token', 'anonymous'],
  ['http://example.com/token', 'no'],
  ['http://evil.test/token', 'no'],
  ['https://169.254.169.254/token', 'no'],
  ['https://10.0.0.7/token', 'no'],
  ['https://[::ffff:10.0.0.7]/token', 'no'],
  ['https://2130706433/token', 'no'],
  ['https://127.0.0.1/token', 'no'],
  ['http://127.0.0.1:5000/token', 'no'],
  ['https://localhost/token', 'no'],
  ['https://intranet/token', 'no'],
  ['https://u:p@example.com/token', 'no'],
  ['https://example.com@evil.test/token', 'no'],
  ['ftp://example.com/token', 'no'],
  ['//evil.test/token', 'no'],
  ['no URL at all', 'no'],
  ['http://127.0.0.1:5000/token', 'yes', '127.0.0.1:5000'],
  ['http://127.0.0.1:5001/token', 'no', '127.0.0.1:5000'],
  ['http://127.0.0.2:5000/token', 'no', '127.0.0.1:5000'],
  ['http://localhost:5000/token', 'no', '127.0.0.1:5000'],
  ['https://evil.test/token', 'anonymous', '127.0.0.1:5000'],
];
const originOf = (text: string): string =>
  URL.canParse(text) ? new URL(text).origin : 'https://none.test';
const siteOf = (host: string): string => `${host.startsWith('127.') ? 'http' : 'https'}://${host}`;
for (const [realm, trust, host = HOST] of REALMS)
  for (const kind of KINDS) {
    // A registry token needs no token server: it is for the registry itself, whatever that says.
    const isOwn = kind === 'a registry token';
    const isGiven = trust === 'yes' || (isOwn && trust === 'anonymous');
    const server = URL.canParse(realm) && !isOwn ? [new URL(realm).host] : [];
    flows.push({
      name: `${kind}, ${host} names ${realm}`,
      registry: host,
      config: auths(CONFIGS[kind], host),
      sites: { [originOf(realm)]: tokens, [siteOf(host)]: registry(realm) },
      gets: isGiven ? [...new Set([host, ...server])] : [],
      verdict: isGiven ? 'done' : 'REGISTRY_AUTH',
    });
  }
for (const realm of ['https://evil.test', 'https://example.com:8443', 'http://evil.test'])
  for (const kind of KINDS.slice(0, 2)) {
    const isSafe = realm.startsWith('https');
    flows.push({
      name: `${kind}, ${HOST} names ${realm}, which the user trusts`,
      config: auths(CONFIGS[kind]),
      trusted: [realm],
      sites: { [realm]: tokens, 'https://example.com': registry(`${realm}/token`) },
      gets: isSafe ? [HOST, new URL(realm).host] : [],
      verdict: isSafe ? 'done' : 'REGISTRY_AUTH',
    });
  }

/** Where a download or an upload is sent to. */
const LOCATIONS: readonly (readonly [
  location: string,
  verdict: Flow['verdict'],
  answer?: Reply,
])[] = [
  ['https://cdn.test/v2/x/blobs/x', 'done'],
  ['https://example.com:8443/v2/x/blobs/x', 'done'],
  ['https://sub.example.com/v2/x/blobs/x', 'done'],
  ['https://cdn.test/v2/x/blobs/x?sig=1', 'REGISTRY_AUTH', refuse('Basic realm="r"')],
  [
    'https://cdn.test/v2/x/blobs/y',
    'REGISTRY_AUTH',
    refuse('Bearer realm="https://example.com/token"'),
  ],
  [
    'https://cdn.test/v2/x/blobs/z',
    'REGISTRY_AUTH',
    refuse('Bearer realm="https://cdn.test/token"'),
  ],
  ['http://cdn.test/x', 'REGISTRY_PROTOCOL'],
  ['http://example.com/x', 'REGISTRY_PROTOCOL'],
  ['https://u:p@cdn.test/x', 'REGISTRY_PROTOCOL'],
  ['ftp://cdn.test/x', 'REGISTRY_PROTOCOL'],
  ['http://[', 'REGISTRY_PROTOCOL'],
];
for (const [location, verdict, answer] of LOCATIONS)
  for (const push of [false, true])
    for (const realm of [undefined, 'https://example.com/token']) {
      const other: Site = (exchange) =>
        answer ?? (exchange.method === 'PUT' ? { status: 201 } : content(exchange));
      const lead: Answer = ({ method, path }) =>
        push
          ? method === 'POST'
            ? { status: 202, headers: { location } }
            : undefined
          : path.includes('/blobs/')
            ? { status: 307, headers: { location } }
            : undefined;
      flows.push({
        name: `${realm ? 'bearer' : 'basic'}, ${push ? 'an upload' : 'a download'} led to ${location} (${verdict})`,
        push,
        sites: { [originOf(location)]: other, 'https://example.com': registry(realm, lead) },
        gets: [HOST],
        verdict,
      });
    }

const NOT_FOUND = 'credentials not found in native keychain';
const pair = { ServerURL: HOST, Username: 'user', Secret: SECRETS.password };
const helper = (script: Script, extra = {}): Pick<Flow, 'config' | 'helpers'> => ({
  config: { credHelpers: { [HOST]: 'h' }, ...auths({}), ...extra },
  helpers: { 'docker-credential-h': script },
});
const inMemory = { 'https://example.com': registry() };
const HELPERS: readonly (readonly [string, ReturnType<typeof helper>, Flow['verdict']])[] = [
  ['that answers', helper({ stdout: JSON.stringify(pair) }), 'done'],
  ['that has nothing', helper({ exitCode: 1, stdout: NOT_FOUND }), 'REGISTRY_AUTH'],
  [
    'that hangs',
    helper({ timedOut: true, exitCode: undefined, stdout: Buffer.from(JSON.stringify(pair)) }),
    'REGISTRY_AUTH',
  ],
  ['that is missing', { config: { credsStore: 'gone', ...auths() } }, 'REGISTRY_AUTH'],
  [
    'that prints too much',
    helper({ truncated: true, stdout: Buffer.from(JSON.stringify(pair)) }),
    'REGISTRY_AUTH',
  ],
  ['that prints text', helper({ stdout: `password is ${SECRETS.password}` }), 'REGISTRY_AUTH'],
  [
    'that prints half an answer',
    helper({ stdout: `${JSON.stringify(pair).slice(0, -1)}` }),
    'REGISTRY_AUTH',
  ],
  [
    'that prints other members',
    helper({ stdout: JSON.stringify({ Secret: SECRETS.password }) }),
    'REGISTRY_AUTH',
  ],
  ['with a name that is none', { config: { credsStore: '../x', ...auths() } }, 'REGISTRY_AUTH'],
  [
    'of another registry',
    {
      config: { credHelpers: { 'example.com.evil.test': 'h' } },
      helpers: { 'docker-credential-h': { stdout: JSON.stringify(pair) } },
    },
    'REGISTRY_AUTH',
  ],
];
for (const [name, given, verdict] of HELPERS)
  flows.push({
    name: `a helper ${name}`,
    ...given,
    sites: inMemory,
    verdict,
    gets: verdict === 'done' ? [HOST] : [],
  });
for (const [how, encode] of Object.entries(SECRET_FORMS)) {
  const stderr = `bad answer ${encode(SECRETS.password)} of the keychain`;
  const failing = { exitCode: 1, stdout: JSON.stringify(pair), stderr };
  const flow = {
    sites: inMemory,
    gets: [],
    verdict: 'REGISTRY_AUTH',
    says: /failed: bad answer/,
  } as const;
  flows.push({
    ...flow,
    name: `a helper that fails and prints its secret ${how}`,
    ...helper(failing),
  });
  const stored = helper({ exitCode: 1, stderr }, auths());
  flows.push({
    ...flow,
    name: `a helper that fails and prints a secret of the file ${how}`,
    ...stored,
  });
}

/** Entries that are for others, or that cannot be used. */
const SHAPES: readonly (readonly [string, unknown, Flow['verdict']])[] = [
  ['another port', auths(CONFIGS.basic, 'example.com:5000'), 'REGISTRY_AUTH'],
  ['a longer host', auths(CONFIGS.basic, 'example.com.evil.test'), 'REGISTRY_AUTH'],
  ['a part of the host', auths(CONFIGS.basic, 'example'), 'REGISTRY_AUTH'],
  ['a trailing dot', auths(CONFIGS.basic, 'example.com.'), 'REGISTRY_AUTH'],
  ['user information', auths(CONFIGS.basic, 'https://example.com@evil.test'), 'REGISTRY_AUTH'],
  ['another repository', auths(CONFIGS.basic, 'example.com/a/c'), 'REGISTRY_AUTH'],
  ['this repository', auths(CONFIGS.basic, 'example.com/a'), 'done'],
  ['a scheme', auths(CONFIGS.basic, 'https://example.com/v1/'), 'done'],
  ['capitals', auths(CONFIGS.basic, 'Example.COM'), 'done'],
  ['members', auths({ username: 'user', password: SECRETS.password }), 'done'],
  ['no JSON', `{"auths": {"${HOST}": "${SECRETS.password}"`, 'REGISTRY_AUTH'],
  ['no object', { auths: { [HOST]: SECRETS.password } }, 'REGISTRY_AUTH'],
  ['no base64', auths({ auth: `${SECRETS.password}` }), 'REGISTRY_AUTH'],
  ['no colon', auths({ auth: b64(SECRETS.identity) }), 'REGISTRY_AUTH'],
  ['a number', auths({ username: 'user', password: 5, auth2: SECRETS.password }), 'REGISTRY_AUTH'],
];
for (const [name, config, verdict] of SHAPES)
  flows.push({
    name: `a file with ${name}`,
    config,
    sites: inMemory,
    verdict,
    gets: verdict === 'done' ? [HOST] : [],
  });

const MANIFEST = JSON.parse(Buffer.from(IMAGE.manifest).toString()) as { config: object };
/** Where a server repeats what it was told. */
const PAD = 'x'.repeat(290);
const ECHOES: Readonly<
  Record<
    string,
    (text: string) => { registry?: Reply; token?: Reply; realm?: string; verdict: Flow['verdict'] }
  >
> = {
  'the message of an error': (text) => ({
    registry: json({ errors: [{ code: 'DENIED', message: `you sent ${text}` }] }, 403),
    verdict: 'REGISTRY_AUTH',
  }),
  'the code of an error': (text) => ({
    registry: json({ errors: [{ code: text }] }, 400),
    verdict: 'REGISTRY_PROTOCOL',
  }),
  'the end of a long error': (text) => ({
    registry: { status: 400, body: PAD + text },
    verdict: 'REGISTRY_PROTOCOL',
  }),
  'two errors': (text) => ({
    registry: json(
      {
        errors: [
          { code: 'A', message: text },
          { code: 'B', message: text },
        ],
      },
      400,
    ),
    verdict: 'REGISTRY_PROTOCOL',
  }),
  'a failure that is tried again': (text) => ({
    registry: { status: 503, body: `busy ${text}` },
    verdict: 'REGISTRY_UNREACHABLE',
  }),
  'the identifier of a request': (text) => ({
    registry: { status: 400, headers: { 'x-request-id': `id ${text}` } },
    verdict: 'REGISTRY_PROTOCOL',
  }),
  'a warning': (text) => ({
    registry: {
      status: 200,
      headers: { warning: `299 - "old ${text.replace(/[\\"]/g, '\\$&')}"` },
      body: '<',
    },
    verdict: 'REGISTRY_PROTOCOL',
  }),
  'an encoding': (text) => ({
    registry: { status: 200, headers: { 'content-encoding': text } },
    verdict: 'REGISTRY_PROTOCOL',
  }),
  'a schema version': (text) => ({
    registry: json({ schemaVersion: text }),
    verdict: 'REGISTRY_PROTOCOL',
  }),
  'a digest': (text) => ({
    registry: json({ ...MANIFEST, config: { ...MANIFEST.config, digest: PAD.slice(200) + text } }),
    verdict: 'BASE_INVALID',
  }),
  'a platform': (text) => ({
    registry: json({
      schemaVersion: 2,
      manifests: [{ platform: { os: PAD.slice(60) + text, architecture: PAD.slice(60) + text } }],
    }),
    verdict: 'REGISTRY_NOT_FOUND',
  }),
  'a path that it leads to': (text) => ({
    registry: {
      status: 307,
      headers: {
        location: `https://cdn.test/${text.replace(/[^!-~]|["\\]/g, encodeURIComponent)}`,
      },
    },
    verdict: 'REGISTRY_UNREACHABLE',
  }),
  'the error of a token server': (text) => ({
    token: json({ errors: [{ code: 'UNAUTHORIZED', message: `wrong: ${text}` }] }, 401),
    verdict: 'REGISTRY_AUTH',
  }),
  'the text of a token server': (text) => ({
    token: {
      status: 500,
      headers: { 'content-type': 'text/plain' },
      body: `trace ${PAD.slice(20)} ${text}`,
    },
    verdict: 'REGISTRY_UNREACHABLE',
  }),
  'the name of a token server': (text) => ({
    realm: `token server ${text.replaceAll('"', '')}`,
    verdict: 'REGISTRY_AUTH',
  }),
};
for (const [where, make] of Object.entries(ECHOES))
  for (const [how, encode] of Object.entries(SECRET_FORMS)) {
    const echo = make(encode(SECRETS.password));
    const realm = echo.realm ?? 'https://example.com/token';
    const own = registry(realm, () => echo.registry);
    // Where the server leads to on purpose, our own words are not in what it is told.
    const site: Site = (exchange) =>
      exchange.path === '/token' && echo.token ? echo.token : own(exchange);
    flows.push({
      name: `a server that repeats a password ${how} in ${where}`,
      sites: { 'https://example.com': site },
      gets: echo.realm ? [] : where.includes('path') ? [HOST, 'cdn.test'] : [HOST],
      verdict: echo.verdict,
    });
  }

describe(`${flows.length} flows of credentials`, () => {
  it('are at least 100, each with its own name', () => {
    expect(new Set(flows.map(({ name }) => name)).size).toBe(flows.length);
    expect(flows.length).toBeGreaterThanOrEqual(100);
  });
  it.each(flows.map((flow) => [flow.name, flow] as const))('%s', (_, flow) => check(flow));
});

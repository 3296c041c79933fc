import { execFileSync } from 'node:child_process';
import type { LookupAddress } from 'node:dns';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttps, type ServerOptions } from 'node:https';
import {
  type AddressInfo,
  connect,
  createServer as createTcp,
  type Server as TcpServer,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@nx-nixpack/base';
import { type CredentialSource, Image, resolveImage } from '@nx-nixpack/oci';
import { leaksIn } from '@nx-nixpack/testing';
import type { Resolve } from './guarded-lookup.js';
import { undiciTransport } from './undici-transport.js';

/** What needs certificates, names and proxies: a registry at https://registry.test, which is on this machine. */
const NAME = 'registry.test';
const SECRETS = { password: 'p4$$ W0/rd+of-the-wire', proxy: 'proxy-Pa55+of/the-wire' };
const image = Image.scratch('linux/amd64');

let directory: string;
const servers: (Server | TcpServer)[] = [];
beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'registry-wire-'))));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
afterEach(() => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  }
  for (const name of ['HTTPS_PROXY', 'NO_PROXY']) delete process.env[name];
});

interface Certificate {
  readonly key: string;
  readonly cert: string;
}

function certificate(name: string): Certificate {
  const [key, cert] = [join(directory, `${name}.key`), join(directory, `${name}.pem`)];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
  const files = ['-keyout', key, '-out', cert, '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...names, ...files], { stdio: 'ignore' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

/** The same key with a certificate of one day in 2020; `openssl req` makes none that is over. */
function expired({ key }: Certificate): Certificate {
  const at = (name: string): string => join(directory, name);
  writeFileSync(at('ca.key'), key);
  writeFileSync(at('index'), '');
  writeFileSync(at('serial'), '01');
  const lines = ['[ca]', 'default_ca=x', '[x]', 'policy=p', '[p]', 'commonName=supplied'];
  const values = { database: at('index'), serial: at('serial'), new_certs_dir: directory };
  const own = Object.entries({ ...values, default_md: 'sha256' }).map((pair) => pair.join('='));
  const names = ['[e]', `subjectAltName=DNS:${NAME}`];
  writeFileSync(
    at('ca.cnf'),
    [...lines.slice(0, 4), ...own, ...lines.slice(4), ...names].join('\n'),
  );
  const run = (...args: string[]): void =>
    void execFileSync('openssl', args, { stdio: 'ignore', cwd: directory });
  run('req', '-new', '-key', 'ca.key', '-subj', `/CN=${NAME}`, '-out', 'old.csr');
  const day = ['-startdate', '20200101000000Z', '-enddate', '20200102000000Z'];
  const files = ['-config', 'ca.cnf', '-keyfile', 'ca.key', '-in', 'old.csr', '-out', 'old.pem'];
  run('ca', '-batch', '-selfsign', '-notext', '-extensions', 'e', ...day, ...files);
  return { key, cert: readFileSync(at('old.pem'), 'utf8') };
}

async function listen(server: Server | TcpServer): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Answers with the manifest to whoever knows the password. */
function registry(options: ServerOptions, seen: IncomingMessage[] = []): Promise<number> {
  const basic = `Basic ${Buffer.from(`u:${SECRETS.password}`).toString('base64')}`;
  const server = createHttps(options, (request, response) => {
    seen.push(request);
    if (request.headers.authorization !== basic)
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
    response.writeHead(200, { 'content-type': image.mediaType }).end(image.manifest);
  });
  return listen(server);
}

const here: Resolve = (_, done) => done(null, [{ address: '127.0.0.1', family: 4 }]);
const user: CredentialSource = {
  find: () =>
    Promise.resolve({
      credentials: { kind: 'basic', username: 'u', password: SECRETS.password },
      origin: 'spec',
    }),
};

/** `done`, or the code and message of what went wrong; never with a secret in what is said. */
async function pull(port: number, ca: string, resolve: Resolve = here): Promise<string> {
  const said: string[] = [];
  const note = (line: string): void => void said.push(line);
  const access = {
    transport: undiciTransport({ ca, resolve, connectMs: 5000 }),
    credentials: user,
    progress: { step: note, output: note, warn: note },
    sleep: () => Promise.resolve(),
  };
  const reference = { registry: `${NAME}:${port}`, repository: 'a/b', tag: 'v1' };
  const error: unknown = await resolveImage(reference, { ...access, platform: 'linux/amd64' }).then(
    () => undefined,
    (problem: unknown) => problem,
  );
  if (error !== undefined && !(error instanceof UserError)) throw error;
  for (const line of [...said, `${error?.stack}`]) expect(leaksIn(line, SECRETS)).toEqual([]);
  return error === undefined ? 'done' : `${error.code} ${error.message}`;
}

describe('TLS', () => {
  let good: Certificate;
  beforeAll(() => void (good = certificate(NAME)));

  it('with its certificate works', async () => {
    expect(await pull(await registry(good), good.cert)).toBe('done');
  });

  it.each([
    [
      'that nobody vouches for',
      () => certificate('registry.test'),
      (): string => good.cert,
      'DEPTH_ZERO_SELF_SIGNED_CERT',
    ],
    [
      'of another host',
      () => certificate('other.test'),
      (given: Certificate) => given.cert,
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    [
      'that has expired',
      () => expired(good),
      (given: Certificate) => given.cert,
      'CERT_HAS_EXPIRED',
    ],
  ])('with a certificate %s sends nothing', async (_, make, trusted, why) => {
    const given = make();
    const seen: IncomingMessage[] = [];
    const said = await pull(await registry(given, seen), trusted(given));
    expect(said).toMatch(new RegExp(`^REGISTRY_UNREACHABLE .* ${why}$`));
    expect(seen).toEqual([]);
  });

  it('of another time sends nothing', async () => {
    const old = { ...good, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } as const;
    const seen: IncomingMessage[] = [];
    const port = await registry({ ...old, ciphers: 'DEFAULT@SECLEVEL=0' }, seen);
    expect(await pull(port, good.cert)).toMatch(/^REGISTRY_UNREACHABLE /);
    expect(seen).toEqual([]);
  });

  it('that is plain http sends no request', async () => {
    const said: string[] = [];
    const plain = createTcp((socket) => {
      socket.on('error', () => {});
      socket.on('data', (bytes) => {
        said.push(bytes.toString('latin1'));
        socket.end('HTTP/1.1 200 OK\r\n\r\n');
      });
    });
    expect(await pull(await listen(plain), good.cert)).toMatch(/^REGISTRY_UNREACHABLE /);
    expect(said.join()).not.toMatch(/authorization|GET \//i);
  });
});

describe('names', () => {
  const failing = (code: string, times: number): Resolve => {
    let left = times;
    return (hostname, done) => {
      if (left-- <= 0) return here(hostname, done);
      const none: LookupAddress[] = [];
      done(Object.assign(new Error(code), { code }), none);
    };
  };

  it.each([
    ['ENOTFOUND', 1, 'REGISTRY_UNREACHABLE'],
    ['EAI_AGAIN', 3, 'done'],
    ['EAI_AGAIN', 99, 'REGISTRY_UNREACHABLE'],
  ])('that fail with %s %d times: %s', async (code, times, verdict) => {
    const good = certificate(NAME);
    expect(await pull(await registry(good), good.cert, failing(code, times))).toMatch(verdict);
  });
});

describe('a proxy', () => {
  /** Takes CONNECT to the registry, wherever the name leads; `status` is what it says to it. */
  function proxy(target: number, seen: IncomingMessage[], status = 200): Promise<number> {
    const server = createHttp();
    server.on('connect', (request: IncomingMessage, socket) => {
      seen.push(request);
      socket.on('error', () => {});
      const auth = request.headers['proxy-authorization'];
      if (status !== 200)
        return void socket.end(`HTTP/1.1 ${status} ${auth}\r\nx-echo: ${auth}\r\n\r\n`);
      const upstream = connect(target, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(upstream).pipe(socket);
      });
      upstream.on('error', () => socket.destroy());
    });
    return listen(server);
  }
  const through = (port: number): void => {
    const password = encodeURIComponent(SECRETS.proxy);
    process.env['HTTPS_PROXY'] = `http://p:${password}@127.0.0.1:${port}`;
  };

  it('gets its own password and nothing of the registry, and the registry nothing of the proxy', async () => {
    const good = certificate(NAME);
    const [atProxy, atRegistry]: [IncomingMessage[], IncomingMessage[]] = [[], []];
    const port = await registry(good, atRegistry);
    through(await proxy(port, atProxy));
    expect(await pull(port, good.cert)).toBe('done');
    const told = (requests: IncomingMessage[] = []): string =>
      requests.map(({ url, rawHeaders }) => [url, ...rawHeaders].join('\n')).join('\n');
    expect(leaksIn(told(atProxy), { password: SECRETS.password })).toEqual([]);
    expect(leaksIn(told(atProxy), { proxy: SECRETS.proxy })).not.toEqual([]);
    expect(leaksIn(told(atRegistry), { proxy: SECRETS.proxy })).toEqual([]);
    expect(leaksIn(told(atRegistry), { password: SECRETS.password })).not.toEqual([]);
  });

  it.each([407, 502])(
    'that answers with %d and what it was told shows no password',
    async (status) => {
      const good = certificate(NAME);
      const seen: IncomingMessage[] = [];
      const port = await registry(good, seen);
      through(await proxy(port, [], status));
      expect(await pull(port, good.cert)).toMatch(/^REGISTRY_UNREACHABLE /);
      expect(seen).toEqual([]);
    },
  );

  it('whose address is not a URL is said without its password', async () => {
    process.env['HTTPS_PROXY'] = `http://p:${encodeURIComponent(SECRETS.proxy)}@[bad`;
    const good = certificate(NAME);
    expect(await pull(await registry(good), good.cert)).toMatch(/^REGISTRY_UNREACHABLE /);
  });
});

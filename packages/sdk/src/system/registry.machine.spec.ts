import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSign, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  anonymous,
  Artifact,
  type CredentialSource,
  dockerCredentials,
  digestOf,
  Image,
  Index,
  listReferrers,
  MEDIA_TYPES,
  pullContent,
  pullImage,
  pushContent,
  type RegistryAccess,
  Store,
} from '@nx-nixpack/oci';
import { execaRunner } from './execa-runner.js';
import { undiciTransport } from './undici-transport.js';

let directory: string;
const stops: (() => void)[] = [];

beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'registry-machine-'))));
afterAll(() => {
  for (const stop of stops) stop();
  rmSync(directory, { recursive: true, force: true });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function startRegistry(
  name: string,
  extra = '',
  address = '127.0.0.1',
  http = '',
): Promise<string> {
  const port = await freePort();
  const root = join(directory, name);
  mkdirSync(root);
  const config = join(root, 'config.yml');
  writeFileSync(
    config,
    `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: ${root}/data }, delete: { enabled: true } }
http: { addr: ${address}:${port}${http} }
${extra}`,
  );
  const child: ChildProcess = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  stops.push(() => child.kill('SIGKILL'));
  for (let tried = 0; !(await accepts(port, address)); tried++) {
    if (tried > 200 || child.exitCode !== null) throw new Error('docker-registry did not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return `${address}:${port}`;
}

function accepts(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address);
    socket.on('connect', () => socket.end(() => resolve(true)));
    socket.on('error', () => resolve(false));
  });
}

/** A gzip layer that skopeo can unpack is an empty tar; the others are bytes that nobody unpacks here. */
function layer(bytes: Buffer, mediaType: string = MEDIA_TYPES.layer) {
  return {
    mediaType,
    digest: digestOf(bytes),
    diffId: digestOf(bytes),
    size: bytes.byteLength,
    origin: 'own' as const,
    async *open() {
      for (let at = 0; at < bytes.byteLength; at += 1048576) yield bytes.subarray(at, at + 1048576);
    },
  };
}

const access = (credentials: CredentialSource = anonymous): RegistryAccess => ({
  transport: undiciTransport(),
  credentials,
});
const newImage = (): Image =>
  Image.scratch('linux/amd64')
    .append(
      layer(Buffer.alloc(10240)),
      layer(randomBytes(9 * 1024 * 1024)),
      layer(randomBytes(2000)),
    )
    .configure({ Entrypoint: ['/bin/x'], User: '1000' });

const skopeo = (...args: string[]): string =>
  execFileSync('skopeo', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

describe('docker-registry', () => {
  let registry: string;
  beforeAll(async () => void (registry = await startRegistry('plain')));
  const at = (repository: string) => ({ registry, repository });

  it('takes an image, which skopeo then reads and copies', async () => {
    const image = newImage();
    const report = await pushContent(image, at('a/one'), { ...access(), tags: ['v1', 'latest'] });
    expect(report.uploaded).toHaveLength(4);
    const seen = JSON.parse(
      skopeo('inspect', '--tls-verify=false', `docker://${registry}/a/one:v1`),
    ) as { Digest: string; Layers: string[]; RepoTags: string[] };
    expect(seen.Digest).toBe(image.digest);
    expect(seen.Layers).toEqual(image.layers.map(({ digest }) => digest));
    expect(seen.RepoTags.sort()).toEqual(['latest', 'v1']);
    const copy = join(directory, 'copy');
    skopeo('copy', '--src-tls-verify=false', `docker://${report.reference}`, `dir:${copy}`);
    expect(readFileSync(join(copy, 'manifest.json')).equals(image.manifest)).toBe(true);
  });

  it('takes an unchanged image without any upload', async () => {
    const image = newImage();
    await pushContent(image, at('a/two'), { ...access(), tags: ['v1'] });
    const methods: string[] = [];
    const transport = undiciTransport();
    const report = await pushContent(image, at('a/two'), {
      ...access(),
      tags: ['v1'],
      transport: {
        request: (request) => (methods.push(request.method), transport.request(request)),
      },
    });
    expect(report).toMatchObject({ uploaded: [], mounted: [], tags: [{ changed: false }] });
    expect(methods.sort()).toEqual(['GET', 'HEAD', 'HEAD', 'HEAD', 'HEAD', 'HEAD']);
  });

  it('mounts from another repository', async () => {
    const image = newImage();
    await pushContent(image, at('a/three'), { ...access(), tags: [] });
    const report = await pushContent(image, at('a/four'), {
      ...access(),
      tags: ['v1'],
      mountFrom: ['a/none', 'a/three'],
    });
    expect(report.uploaded).toEqual([]);
    expect(report.mounted).toHaveLength(4);
  });

  it('takes an index, which skopeo then reads by platform, and gives it back', async () => {
    const index = Index.of([
      newImage(),
      Image.scratch('linux/arm64').append(layer(Buffer.alloc(1024))),
    ]);
    await pushContent(index, at('c/index'), { ...access(), tags: ['v1'] });
    const name = `docker://${registry}/c/index:v1`;
    const raw = skopeo('inspect', '--raw', '--tls-verify=false', name);
    expect(digestOf(raw)).toBe(index.digest);
    const seen = skopeo('inspect', '--override-arch=arm64', '--tls-verify=false', name);
    expect(JSON.parse(seen)).toMatchObject({ Architecture: 'arm64' });
    const store = Store.open(join(directory, 'index-store'));
    const back = await pullContent({ ...at('c/index'), tag: 'v1' }, { ...access(), store });
    expect(back.digest).toBe(index.digest);
  });

  it('takes an artifact, which is listed with what it is about though this registry has no such list', async () => {
    const image = newImage();
    const to = at('c/subject');
    await pushContent(image, to, { ...access(), tags: [] });
    const { mediaType, digest, manifest } = image;
    const subject = { mediaType, digest, size: manifest.byteLength };
    const artifact = Artifact.of({ artifactType: 'application/spdx+json', subject });
    await pushContent(artifact, to, { ...access(), tags: [] });
    await pushContent(artifact, to, { ...access(), tags: [] });
    const found = await listReferrers({ ...to, digest }, access());
    expect(found).toMatchObject([
      { digest: artifact.digest, artifactType: 'application/spdx+json' },
    ]);
    const store = Store.open(join(directory, 'artifact-store'));
    const back = await pullContent({ ...to, digest: artifact.digest }, { ...access(), store });
    expect(back.digest).toBe(artifact.digest);
  });

  it('gives back what was pushed, and what skopeo pushed', async () => {
    const image = newImage();
    await pushContent(image, at('a/five'), { ...access(), tags: ['v1'] });
    const copied = `docker://${registry}/b/copied:v2`;
    const from = `docker://${registry}/a/five:v1`;
    skopeo(
      'copy',
      '--src-tls-verify=false',
      '--dest-tls-verify=false',
      '--format=v2s2',
      from,
      copied,
    );
    for (const [repository, tag] of [
      ['a/five', 'v1'],
      ['b/copied', 'v2'],
    ] as const) {
      const store = Store.open(join(directory, `store-${tag}`));
      const reference = { registry, repository, tag };
      const pulled = await pullImage(reference, { ...access(), platform: 'linux/amd64', store });
      // skopeo compresses what was not compressed; what is unpacked stays the same.
      const contents = image.layers.map(({ diffId }) => diffId);
      expect(pulled.layers.map(({ diffId }) => diffId)).toEqual(contents);
      expect(pulled.config).toEqual(image.config);
      for (const { digest } of pulled.layers) expect(store.has(digest)).toBe(true);
    }
  });

  it('gets a large blob whole after a connection that broke', async () => {
    const image = newImage();
    const transport = undiciTransport();
    let broken = 0;
    const report = await pushContent(image, at('a/six'), {
      ...access(),
      tags: ['v1'],
      sleep: () => Promise.resolve(),
      transport: {
        request: (request) => {
          if (request.method !== 'PATCH' || broken++ > 0) return transport.request(request);
          const abort = new AbortController();
          const body = request.body as () => AsyncIterable<Uint8Array>;
          const cut = async function* () {
            let sent = 0;
            for await (const chunk of body()) {
              if ((sent += chunk.byteLength) > 4_000_000) abort.abort();
              yield chunk;
            }
          };
          return transport.request({ ...request, body: cut, signal: abort.signal });
        },
      },
    });
    expect(broken).toBeGreaterThan(1);
    expect(report.uploaded).toHaveLength(4);
    expect(skopeo('inspect', '--tls-verify=false', `docker://${registry}/a/six:v1`)).toContain(
      image.digest,
    );
  });

  it('refuses a blob that is not what its digest says', async () => {
    const bad = { ...layer(randomBytes(100)), digest: digestOf('other') };
    const image = Image.scratch('linux/amd64').append(bad);
    await expect(
      pushContent(image, at('a/seven'), {
        ...access(),
        tags: ['v1'],
        sleep: () => Promise.resolve(),
      }),
    ).rejects.toMatchObject({ codes: ['DIGEST_INVALID'] });
  });
});

describe('docker-registry with a password', () => {
  it('takes what docker login stored, and nothing else', async () => {
    // bcrypt of `secret`, cost 4
    const hash = '$2y$04$zfVOSoyqbIRvRf9k8TuG4eavwx0wYk3wOiBCJ5PvoTu3kfZztvwee';
    const file = join(directory, 'htpasswd');
    writeFileSync(file, `u:${hash}\n`);
    const registry = await startRegistry(
      'basic',
      `auth: { htpasswd: { realm: r, path: ${file} } }`,
    );
    const config = (password: string) => {
      const auth = Buffer.from(`u:${password}`).toString('base64');
      return dockerCredentials({
        env: {},
        homeDirectory: '/nowhere',
        runner: execaRunner,
        readFile: (path) =>
          path === '/nowhere/.docker/config.json'
            ? JSON.stringify({ auths: { [registry]: { auth } } })
            : undefined,
      });
    };
    const to = { registry, repository: 'a/b' };
    const image = newImage();
    const pushed = pushContent(image, to, { ...access(config('secret')), tags: ['v1'] });
    expect((await pushed).uploaded).toHaveLength(4);
    for (const wrong of [config('wrong'), anonymous])
      await expect(pushContent(image, to, { ...access(wrong), tags: [] })).rejects.toMatchObject({
        code: 'REGISTRY_AUTH',
      });
  });
});

describe('docker-registry with a token server', () => {
  it('gets tokens for both repositories of a mount, and goes on when they expire', async () => {
    const tokens = await startTokenServer(join(directory, 'token'));
    const registry = await startRegistry(
      'token-registry',
      `auth: { token: { realm: "http://${tokens.host}/token", service: s, issuer: i, rootcertbundle: ${tokens.certificate} } }`,
    );
    const image = newImage();
    const credentials: CredentialSource = {
      find: () =>
        Promise.resolve({
          credentials: { kind: 'basic', username: 'u', password: 'p' },
          origin: 'spec',
        }),
    };
    const to = { registry, repository: 'a/b' };
    // Another port of this machine may be anybody's.
    const refused = pushContent(image, to, { ...access(credentials), tags: ['v1'] });
    await expect(refused).rejects.toMatchObject({ code: 'REGISTRY_AUTH' });
    expect(tokens.issued()).toBe(0);
    const tokenServers = new Map([[registry, [`http://${tokens.host}`]]]);
    await pushContent(image, to, { ...access(credentials), tokenServers, tags: ['v1'] });
    expect(tokens.issued()).toBe(1);
    // Expired already, and beyond the registry's leeway of a minute: the first token for each scope is of no use.
    tokens.expire();
    const report = await pushContent(
      image,
      { registry, repository: 'c/d' },
      { ...access(credentials), tokenServers, tags: ['v1'], mountFrom: ['a/b'] },
    );
    expect(report.mounted).toHaveLength(4);
    expect(tokens.scopes()).toContain('repository:a/b:pull repository:c/d:pull,push');
  });
});

describe('docker-registry with a certificate', () => {
  /** Any address but loopback, where http would be spoken. */
  const address = Object.values(networkInterfaces())
    .flat()
    .find((found) => found?.family === 'IPv4' && !found.internal)?.address;

  it('is believed with its certificate authority only, and never spoken to in clear text', async () => {
    if (address === undefined) throw new Error('this spec needs a network interface');
    const certificate = join(directory, 'tls-cert.pem');
    const key = join(directory, 'tls-key.pem');
    makeCertificate(address, key, certificate, `subjectAltName=IP:${address}`);
    const tls = `, tls: { certificate: ${certificate}, key: ${key} }`;
    const registry = await startRegistry('tls', '', address, tls);
    const to = { registry, repository: 'a/b' };
    const image = newImage();
    const sleep = jest.fn(() => Promise.resolve());
    const unknown = pushContent(image, to, { ...access(), sleep, tags: ['v1'] });
    await expect(unknown).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
    expect(sleep).not.toHaveBeenCalled();
    const transport = undiciTransport({ ca: readFileSync(certificate, 'utf8') });
    const known = await pushContent(image, to, { ...access(), transport, tags: ['v1'] });
    expect(known.uploaded).toHaveLength(4);

    const clear = await startRegistry('clear', '', address);
    const downgraded = pushContent(
      image,
      { registry: clear, repository: 'a/b' },
      { ...access(), sleep, tags: [] },
    );
    await expect(downgraded).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
  });
});

function makeCertificate(
  name: string,
  key: string,
  certificate: string,
  ...extensions: string[]
): void {
  const added = extensions.flatMap((extension) => ['-addext', extension]);
  const names = [
    '-newkey',
    'rsa:2048',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    key,
    '-out',
    certificate,
  ];
  execFileSync('openssl', ['req', '-x509', '-nodes', '-days', '2', ...names, ...added], {
    stdio: 'ignore',
  });
}

interface TokenServer {
  readonly host: string;
  readonly certificate: string;
  issued(): number;
  scopes(): readonly string[];
  expire(): void;
}

async function startTokenServer(path: string): Promise<TokenServer> {
  mkdirSync(path);
  const [key, certificate] = [join(path, 'key.pem'), join(path, 'cert.pem')];
  makeCertificate('i', key, certificate);
  const x5c = readFileSync(certificate, 'utf8').replace(/-----[^-]+-----|\s/g, '');
  const wanted: string[] = [];
  const expired = new Set<string>();
  let expiring = false;
  const encode = (value: object): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const issue = (scopes: readonly string[]): string => {
    const wish = scopes.join(' ');
    wanted.push(wish);
    const old = expiring && !expired.has(wish) ? 600 : 0;
    expired.add(wish);
    const now = Math.floor(Date.now() / 1000) - old;
    const claims = { iss: 'i', aud: 's', sub: 'u', iat: now, nbf: now - 10, exp: now + 300 };
    const list = scopes.map((scope) => {
      const [type, name, actions = ''] = scope.split(':');
      return { type, name, actions: actions.split(',') };
    });
    const head = encode({ typ: 'JWT', alg: 'RS256', x5c: [x5c] });
    const text = `${head}.${encode({ ...claims, jti: String(wanted.length), access: list })}`;
    const signature = createSign('RSA-SHA256').update(text).sign(readFileSync(key));
    return `${text}.${signature.toString('base64url')}`;
  };
  const server: Server = createHttpServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x');
    const known =
      request.headers.authorization === `Basic ${Buffer.from('u:p').toString('base64')}`;
    response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' });
    response.end(known ? JSON.stringify({ token: issue(url.searchParams.getAll('scope')) }) : '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(
    () => void server.closeAllConnections(),
    () => void server.close(),
  );
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    certificate,
    issued: () => wanted.length,
    scopes: () => wanted,
    expire: () => {
      expiring = true;
      expired.clear();
    },
  };
}

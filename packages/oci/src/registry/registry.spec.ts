import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpRequest } from '@nx-nixpack/base';
import {
  type Fault,
  type Reply,
  loopbackTransport,
  startRegistry,
  type RegistryOptions,
  type TestRegistry,
} from '@nx-nixpack/testing';
import { anonymous, type CredentialSource } from '../credentials/credential-source.js';
import { digestOf } from '../digest.js';
import { Image, type Layer } from '../image.js';
import { MEDIA_TYPES } from '../media-types.js';
import { Store } from '../store/store.js';
import type { RegistryAccess } from './access.js';
import { pullImage } from './pull-image.js';
import { pushContent } from './push-content.js';
import { resolveImage } from './resolve-image.js';

const AMD64 = 'linux/amd64';

/** Bytes that differ by seed and look alike nowhere. */
function bytesOf(seed: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0, state = seed * 2654435761 + 1; at < size; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

function layer(seed: number, size: number): Layer {
  const bytes = bytesOf(seed, size);
  return {
    mediaType: MEDIA_TYPES.layerGzip,
    digest: digestOf(bytes),
    diffId: digestOf(`diff ${seed}`),
    size,
    origin: 'own',
    async *open() {
      for (let at = 0; at < size; at += 65536) yield bytes.subarray(at, at + 65536);
    },
  };
}

const imageOf = (...layers: Layer[]): Image => Image.scratch(AMD64).append(...layers);
const SMALL = imageOf(layer(1, 1000), layer(2, 70_000));
const BIG = imageOf(layer(3, 5 * 1024 * 1024));

let registry: TestRegistry;
let directory: string;
let sent: HttpRequest[];
let waits: number[];

async function start(options: RegistryOptions = {}): Promise<TestRegistry> {
  return (registry = await startRegistry(options));
}

function access(credentials: CredentialSource = anonymous): RegistryAccess {
  return {
    transport: loopbackTransport((request) => sent.push(request)),
    credentials,
    sleep: (milliseconds) => {
      waits.push(milliseconds);
      return Promise.resolve();
    },
  };
}

const to = (repository = 'team/app') => ({ registry: registry.host, repository });
const push = (image = SMALL, extra: object = {}) =>
  pushContent(image, to(), { ...access(), tags: ['v1'], ...extra });
const pull = (extra: object = {}, options: object = {}) =>
  pullImage(
    { ...to(), tag: 'v1', ...extra },
    { ...access(), platform: AMD64, store: Store.open(directory), ...options },
  );
const user = (username: string, password: string): CredentialSource => ({
  find: () =>
    Promise.resolve({ credentials: { kind: 'basic', username, password }, origin: 'spec' }),
});

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'registry-'));
  sent = [];
  waits = [];
});
afterEach(async () => {
  await registry.close();
  expect(registry.violations.filter((text) => text.startsWith('the registry failed'))).toEqual([]);
  rmSync(directory, { recursive: true });
});

async function contentOf({ open }: Layer): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of open()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('push', () => {
  it('sends blobs, the manifest by its digest and the tag last', async () => {
    await start();
    const report = await push();
    expect(report).toMatchObject({
      digest: SMALL.digest,
      reference: `${registry.host}/team/app@${SMALL.digest}`,
      mounted: [],
      present: [],
      tags: [{ tag: 'v1', changed: true }],
    });
    expect(report.uploaded).toHaveLength(3);
    expect(registry.contents.manifest('team/app', 'v1')?.bytes).toEqual(SMALL.manifest);
    const requests = registry.takeRequests();
    expect(requests.slice(-6)).toEqual([
      `GET /v2/team/app/manifests/${SMALL.digest}`,
      `PUT /v2/team/app/manifests/${SMALL.digest}`,
      `GET /v2/team/app/manifests/${SMALL.digest}`,
      'HEAD /v2/team/app/manifests/v1',
      'PUT /v2/team/app/manifests/v1',
      'HEAD /v2/team/app/manifests/v1',
    ]);
    expect(registry.violations).toEqual([]);
    expect(registry.uploads.open).toBe(0);
  });

  it('sends nothing of an image that is there, in layers + 3 requests', async () => {
    await start();
    await push();
    registry.takeRequests();
    const report = await push();
    expect(report.uploaded).toEqual([]);
    expect(report.present).toHaveLength(3);
    expect(report.tags).toEqual([{ tag: 'v1', changed: false }]);
    const requests = registry.takeRequests();
    expect(requests).toHaveLength(SMALL.layers.length + 3);
    expect(requests.every((request) => /^(?:GET|HEAD) /.test(request))).toBe(true);
  });

  it('moves a tag that names another image, and touches no immutable one that is right', async () => {
    await start({ immutableTags: true });
    await push();
    expect((await push()).tags).toEqual([{ tag: 'v1', changed: false }]);
    expect((await push(SMALL, { tags: ['v2', 'v1', 'v2'] })).tags).toEqual([
      { tag: 'v2', changed: true },
      { tag: 'v1', changed: false },
    ]);
    await expect(push(BIG)).rejects.toMatchObject({ code: 'REGISTRY_PROTOCOL', status: 409 });
  });

  it('sends a layer that is there twice once', async () => {
    await start();
    const twice = imageOf(layer(1, 1000), layer(1, 1000));
    expect((await push(twice)).uploaded).toHaveLength(2);
    expect(registry.takeRequests().filter((request) => request.startsWith('POST'))).toHaveLength(2);
  });

  it('mounts what another repository has', async () => {
    await start();
    for (const { digest } of SMALL.layers.slice(0, 1))
      expect(registry.contents.addBlob('base/node', bytesOf(1, 1000))).toBe(digest);
    const report = await push(SMALL, { mountFrom: ['team/app', 'base/none', 'base/node'] });
    expect(report.mounted).toEqual([SMALL.layers[0]!.digest]);
    expect(report.uploaded).toHaveLength(2);
    expect(registry.uploads.open).toBe(0);
    expect(registry.violations).toEqual([]);
  });

  it.each([401, 403, 404, 405, 400])('uploads when mounts are refused with %d', async (status) => {
    await start();
    registry.addFault({ method: 'POST', times: 3, action: { kind: 'reply', reply: { status } } });
    const report = await push(SMALL, { mountFrom: ['base/node'] });
    expect(report.uploaded).toHaveLength(3);
  });

  it('streams large blobs in one PATCH and ends them with an empty PUT', async () => {
    await start();
    await push(BIG);
    const size = BIG.layers[0]!.size;
    const bodies = registry.requests.filter(({ received }) => received >= size);
    expect(bodies.map(({ method, headers }) => [method, headers['content-length']])).toEqual([
      ['PATCH', String(size)],
    ]);
    expect(registry.violations).toEqual([]);
  });

  it('goes on where a broken upload ended', async () => {
    await start();
    const half = 2_500_000;
    registry.addFault({ method: 'PATCH', action: { kind: 'reset', afterBytes: half } });
    await push(BIG);
    const patches = registry.requests.filter(({ method }) => method === 'PATCH');
    expect(patches).toHaveLength(2);
    expect(patches[1]?.headers['content-range']).toBe(`${half}-${BIG.layers[0]!.size - 1}`);
    expect(patches[1]?.received).toBe(BIG.layers[0]!.size - half);
    expect(registry.violations).toEqual([]);
  });

  it('begins anew when the session is lost', async () => {
    await start();
    registry.addFault({
      method: 'PATCH',
      action: { kind: 'before', run: () => registry.uploads.forget() },
    });
    expect((await push(BIG)).uploaded).toContain(BIG.layers[0]!.digest);
  });

  it('believes the range in the answer to PATCH, not its status', async () => {
    await start();
    registry.addFault({
      method: 'PATCH',
      action: {
        kind: 'change',
        change: (reply) => ({ ...reply, headers: { ...reply.headers, range: '0-999' } }),
      },
    });
    await push(BIG);
    expect(registry.contents.blobs('team/app')).toContain(BIG.layers[0]!.digest);
  });

  it('gives up a registry that never counts what it was sent', async () => {
    await start();
    const change = (reply: Reply) => ({ ...reply, headers: { ...reply.headers, range: '0-0' } });
    for (const method of ['PATCH', 'GET'])
      registry.addFault({ method, times: 99, action: { kind: 'change', change } });
    await expect(push(BIG)).rejects.toMatchObject({ code: 'REGISTRY_PROTOCOL' });
    expect(sent.filter(({ method }) => method === 'PATCH')).toHaveLength(5);
  });

  it('takes a blob whose commit was answered into the void as done', async () => {
    await start();
    registry.addFault({ method: 'PUT', path: /uploads/, action: { kind: 'lose-reply' } });
    const one = imageOf();
    await push(one);
    expect(
      registry.takeRequests().filter((request) => /^PUT .*uploads/.test(request)),
    ).toHaveLength(1);
  });

  it('sends again what arrived damaged, and gives up when it does so twice', async () => {
    await start();
    const reply = { status: 400, body: JSON.stringify({ errors: [{ code: 'DIGEST_INVALID' }] }) };
    registry.addFault({ method: 'PUT', path: /uploads/, action: { kind: 'reply', reply } });
    await push(imageOf());
    registry.addFault({
      method: 'PUT',
      path: /uploads/,
      times: 9,
      action: { kind: 'reply', reply },
    });
    registry.takeRequests();
    await expect(push(Image.scratch(AMD64, 5))).rejects.toMatchObject({
      codes: ['DIGEST_INVALID'],
    });
    expect(
      registry.takeRequests().filter((request) => /^PUT .*uploads/.test(request)),
    ).toHaveLength(2);
  });

  it('fails at once, with nothing left open, when the local content is not what it should be', async () => {
    await start();
    const short = { ...layer(3, 100), size: 200 };
    await expect(push(imageOf(short))).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    expect(waits).toEqual([]);
    expect(registry.uploads.open).toBe(0);
    expect(registry.contents.tags('team/app') ?? []).toEqual([]);
  });

  it('refuses tags and repositories that are none', async () => {
    await start();
    const refused = { code: 'REGISTRY_INVALID_REFERENCE' };
    await expect(push(SMALL, { tags: ['a/b'] })).rejects.toMatchObject(refused);
    await expect(
      pushContent(
        SMALL,
        { registry: registry.host, repository: '../x' },
        { ...access(), tags: [] },
      ),
    ).rejects.toMatchObject(refused);
    expect(sent).toEqual([]);
  });

  it('says what the registry refused, without the state of the upload', async () => {
    await start();
    const body = JSON.stringify({ errors: [{ code: 'DENIED', message: 'no\u001b[2J way' }] });
    registry.addFault({
      method: 'PUT',
      times: 99,
      action: { kind: 'reply', reply: { status: 403, body } },
    });
    const error = (await push().catch((problem: unknown) => problem)) as Error;
    expect(error).toMatchObject({ code: 'REGISTRY_AUTH', status: 403, codes: ['DENIED'] });
    expect(error.message).toMatch(
      /^PUT http:\/\/127\.0\.0\.1:\d+\/v2\/team\/app\/blobs\/uploads\/session-\d was answered with 403 \(DENIED: no way\)$/,
    );
  });

  it('notices a registry that stores another manifest', async () => {
    await start();
    const lie = `sha256:${'0'.repeat(64)}`;
    registry.addFault({
      method: 'PUT',
      path: /manifests/,
      action: {
        kind: 'change',
        change: (reply) => ({
          ...reply,
          headers: { ...reply.headers, 'docker-content-digest': lie },
        }),
      },
    });
    await expect(push()).rejects.toMatchObject({ code: 'REGISTRY_DIGEST_MISMATCH' });
  });

  it('stops when it is aborted, and cancels what it began', async () => {
    await start();
    const abort = new AbortController();
    registry.addFault({ method: 'PATCH', action: { kind: 'before', run: () => abort.abort() } });
    await expect(push(BIG, { signal: abort.signal })).rejects.toThrow(/abort/i);
    expect(registry.takeRequests().at(-1)).toMatch(/^DELETE .*uploads/);
  });
});

describe('pull', () => {
  it('brings every byte into the store', async () => {
    await start();
    await push();
    const image = await pull();
    expect(image.digest).toBe(SMALL.digest);
    expect(image.manifest).toEqual(SMALL.manifest);
    expect(image.layers.map(({ origin }) => origin)).toEqual(['base', 'base']);
    expect(await contentOf(image.layers[1]!)).toEqual(bytesOf(2, 70_000));
    expect(registry.violations).toEqual([]);
  });

  it('needs one HEAD for a tag that it pulled before, and nothing for a digest', async () => {
    await start();
    await push();
    await pull();
    registry.takeRequests();
    await pull();
    expect(registry.takeRequests()).toEqual(['HEAD /v2/team/app/manifests/v1']);
    await pull({ digest: SMALL.digest });
    expect(registry.takeRequests()).toEqual([]);
  });

  it('continues a blob that broke off, with no byte twice', async () => {
    await start();
    await push();
    registry.addFault({ path: /blobs/, times: 2, action: { kind: 'cut', afterBytes: 500 } });
    await pull();
    const resumed = registry.requests.filter(({ headers }) => headers.range !== undefined);
    expect(resumed.map(({ headers }) => headers.range)).toEqual(['bytes=500-', 'bytes=500-']);
  });

  it('notices a blob that ends early without an error', async () => {
    await start();
    await push();
    registry.addFault({ path: /blobs/, action: { kind: 'cut', afterBytes: 100, clean: true } });
    expect((await pull()).digest).toBe(SMALL.digest);
  });

  it.each([
    [
      'another range',
      { status: 206, headers: { 'content-range': 'bytes 0-9/1000' }, body: '0123456789' },
    ],
    ['416', { status: 416 }],
  ])('reads from the beginning when it gets %s', async (_, reply) => {
    await start();
    await push(imageOf(layer(1, 1000)));
    const path = new RegExp(`blobs/${layer(1, 1000).digest}`);
    registry.addFault({ path, action: { kind: 'cut', afterBytes: 300 } });
    registry.addFault({ path, action: { kind: 'reply', reply } });
    registry.takeRequests();
    expect(await contentOf((await pull()).layers[0]!)).toEqual(bytesOf(1, 1000));
    const tries = registry.requests.filter((request) => path.test(request.path));
    expect(tries.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=300-', undefined]);
  });

  const swap = {
    kind: 'change',
    change: (reply: Reply) => ({
      ...reply,
      status: 200,
      body: Buffer.alloc(Buffer.from(reply.body ?? '').length, 7),
    }),
  } as const;

  it('fetches a damaged blob once more, then refuses it; nothing of it stays', async () => {
    await start();
    await push(imageOf(layer(1, 1000)));
    const path = new RegExp(`blobs/${layer(1, 1000).digest}`);
    registry.addFault({ path, action: swap });
    await pull();
    rmSync(directory, { recursive: true });
    registry.addFault({ path, times: 2, action: swap });
    await expect(pull()).rejects.toMatchObject({ code: 'REGISTRY_DIGEST_MISMATCH' });
    expect(Store.open(directory).has(layer(1, 1000).digest)).toBe(false);
  });

  it('stops at a blob that is longer than it should be', async () => {
    await start();
    await push();
    registry.addFault({
      path: /blobs/,
      action: { kind: 'change', change: (reply) => ({ ...reply, body: Buffer.alloc(200_000) }) },
    });
    await expect(pull()).rejects.toMatchObject({ code: 'REGISTRY_DIGEST_MISMATCH' });
  });

  it('refuses a manifest that is not what its digest says, whatever the header says', async () => {
    await start();
    await push();
    const other = { ...swap, change: (reply: Reply) => ({ ...swap.change(reply), headers: {} }) };
    for (const action of [swap, other]) {
      registry.addFault({ method: 'GET', path: /manifests/, times: 2, action });
      await expect(pull({ digest: SMALL.digest })).rejects.toMatchObject({
        code: 'REGISTRY_DIGEST_MISMATCH',
      });
    }
  });

  it('gives up a blob that always ends early', async () => {
    await start();
    await push();
    const action = { kind: 'cut', afterBytes: 0, clean: true } as const;
    registry.addFault({ path: /blobs/, times: 999, action });
    await expect(pull()).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE', retryable: true });
    expect(sent.filter(({ url }) => url.pathname.includes('blobs')).length).toBeLessThan(60);
  });

  it('refuses a header that lies about the digest of a tag', async () => {
    await start();
    await push();
    const lie = `sha256:${'0'.repeat(64)}`;
    registry.addFault({
      method: 'GET',
      times: 2,
      action: {
        kind: 'change',
        change: (reply) => ({
          ...reply,
          headers: { ...reply.headers, 'docker-content-digest': lie },
        }),
      },
    });
    await expect(
      resolveImage({ ...to(), tag: 'v1' }, { ...access(), platform: AMD64 }),
    ).rejects.toMatchObject({ code: 'REGISTRY_DIGEST_MISMATCH' });
  });

  it.each([
    ['HTML', { body: '<html>', headers: { 'content-type': 'text/html' } }, /not JSON/],
    ['schema 1', { body: '{"schemaVersion":1}' }, /schema version 1/],
    ['a list', { body: '[]' }, /not a JSON object/],
    ['too many bytes', { body: Buffer.alloc(4 * 1024 * 1024 + 1, ' ') }, /larger than/],
    ['an encoding', { headers: { 'content-encoding': 'gzip' }, body: '{}' }, /is encoded/],
    [
      'another type than it says',
      { headers: { 'content-type': MEDIA_TYPES.index }, body: SMALL.manifest as Buffer },
      /its content says/,
    ],
  ])('refuses %s as a manifest', async (_, reply, message) => {
    await start();
    registry.addFault({ times: 9, action: { kind: 'reply', reply: { status: 200, ...reply } } });
    await expect(
      resolveImage({ ...to(), tag: 'v1' }, { ...access(), platform: AMD64 }),
    ).rejects.toMatchObject({ code: 'REGISTRY_PROTOCOL', message: expect.stringMatching(message) });
  });

  it('says which image is not there', async () => {
    await start();
    await expect(pull({ tag: 'nope' })).rejects.toMatchObject({
      code: 'REGISTRY_NOT_FOUND',
      message: expect.stringContaining('/v2/team/app/manifests/nope'),
    });
  });
});

describe('an index', () => {
  const entry = (image: Image, platform: object) => ({
    mediaType: image.mediaType,
    digest: image.digest,
    size: image.manifest.byteLength,
    platform,
  });
  const index = (...manifests: object[]): Buffer =>
    Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests }));

  it('leads to the manifest of the platform', async () => {
    await start();
    await push();
    registry.contents.addManifest(
      'team/app',
      index(
        entry(BIG, { os: 'unknown', architecture: 'unknown' }),
        entry(BIG, { os: 'linux', architecture: 'amd64', variant: 'v3' }),
        entry(BIG, { os: 'linux', architecture: 'arm64', variant: 'v8' }),
        entry(SMALL, { os: 'linux', architecture: 'amd64' }),
      ),
      MEDIA_TYPES.index,
      'v1',
    );
    expect((await pull()).digest).toBe(SMALL.digest);
    const found = await resolveImage(
      { ...to(), tag: 'v1' },
      { ...access(), platform: 'linux/arm64' },
    );
    expect(found).toEqual({
      mediaType: MEDIA_TYPES.manifest,
      digest: BIG.digest,
      size: BIG.manifest.byteLength,
    });
  });

  it('without the platform names those that it has', async () => {
    await start();
    registry.contents.addManifest(
      'team/app',
      index(entry(SMALL, { os: 'linux', architecture: 's390x' })),
      MEDIA_TYPES.index,
      'v1',
    );
    await expect(pull()).rejects.toMatchObject({
      code: 'REGISTRY_NOT_FOUND',
      hint: expect.stringContaining('linux/s390x'),
    });
  });
});

describe('authorization', () => {
  it('answers a basic challenge, and from then on before it is asked', async () => {
    await start({ auth: { kind: 'basic', username: 'u', password: 'p:w' } });
    await pushContent(SMALL, to(), { ...access(user('u', 'p:w')), tags: ['v1'] });
    expect(registry.requests.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(3);
    await expect(push()).rejects.toMatchObject({ code: 'REGISTRY_AUTH', status: 401 });
    const wrong = pushContent(SMALL, to(), { ...access(user('u', 'hunter2')), tags: [] });
    await expect(wrong).rejects.toMatchObject({ code: 'REGISTRY_AUTH' });
  });

  it('gets one token for a push, with the scopes of its repositories', async () => {
    await start({ auth: { kind: 'bearer', user: { username: 'u', password: 'p' } } });
    await pushContent(SMALL, to(), { ...access(user('u', 'p')), tags: ['v1'] });
    expect(registry.authentication.issued).toBe(1);
    const token = registry.takeRequests().find((request) => request.includes('/token'));
    expect(token).toBe('GET /token?service=test&scope=repository%3Ateam%2Fapp%3Apull%2Cpush');
    await pushContent(SMALL, to('team/two'), {
      ...access(user('u', 'p')),
      tags: [],
      mountFrom: ['team/app'],
    });
    expect(registry.authentication.issued).toBe(3);
    expect(registry.takeRequests().filter((request) => request.startsWith('PATCH'))).toEqual([]);
  });

  it.each([{ accessToken: true }, {}])('gets an anonymous token (%j)', async (extra) => {
    await start({ auth: { kind: 'bearer', ...extra } });
    await push();
    expect((await pull()).digest).toBe(SMALL.digest);
  });

  it('exchanges an identity token', async () => {
    await start({
      auth: { kind: 'bearer', identityToken: 'refresh-me', user: { username: 'x', password: 'y' } },
    });
    const source: CredentialSource = {
      find: () =>
        Promise.resolve({
          credentials: { kind: 'identity-token', token: 'refresh-me' },
          origin: 'spec',
        }),
    };
    await pushContent(SMALL, to(), { ...access(source), tags: ['v1'] });
    expect(
      registry.requests.filter(({ path }) => path === '/token').map(({ method }) => method),
    ).toEqual(['POST']);
  });

  it.each([2, 3, 5])('goes on with a new token after every %d requests', async (tokenRequests) => {
    await start({ auth: { kind: 'bearer', tokenRequests } });
    await push(imageOf(layer(1, 10)));
    await push(BIG);
    expect((await pull()).digest).toBe(BIG.digest);
  });

  it.each([1, 2, 3])(
    'loses no token to its own parallel requests, good for %d requests each',
    async (tokenRequests) => {
      await start({ auth: { kind: 'bearer', tokenRequests } });
      const many = imageOf(...Array.from({ length: 12 }, (_, at) => layer(at, 2000)));
      for (const name of ['a', 'b', 'c']) {
        const report = await pushContent(many, to(name), { ...access(), tags: ['v1'] });
        expect(report.uploaded).toHaveLength(13);
      }
      // No transfer is begun anew because of a token, and no request is sent a fourth time.
      expect(registry.requests.filter(({ method }) => method === 'POST')).toHaveLength(
        registry.requests.filter(({ method, status }) => method === 'POST' && status === 401)
          .length + 39,
      );
      expect(waits).toEqual([]);
    },
  );

  it('asks for one token when many requests need one', async () => {
    await start({ auth: { kind: 'bearer' } });
    const many = imageOf(...Array.from({ length: 12 }, (_, at) => layer(at, 2000)));
    await pushContent(many, to(), { ...access(), tags: ['v1'] });
    registry.addFault({
      skip: 12,
      action: { kind: 'before', run: () => registry.authentication.expireTokens() },
    });
    await pushContent(many, to('team/two'), { ...access(), tags: ['v1'] });
    expect(registry.authentication.issued).toBe(3);
  });

  it('keeps the upload session when the token expires between its requests', async () => {
    await start({ auth: { kind: 'bearer' } });
    registry.addFault({
      method: 'PUT',
      path: /uploads/,
      skip: 1,
      action: { kind: 'before', run: () => registry.authentication.expireTokens() },
    });
    await push(BIG);
    expect(registry.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
    expect(registry.authentication.issued).toBe(2);
  });

  it('renews a token before it expires', async () => {
    await start({ auth: { kind: 'bearer', expiresIn: 100 } });
    let now = 0;
    registry.addFault({
      method: 'PUT',
      path: /manifests/,
      action: { kind: 'before', run: () => void (now = 81_000) },
    });
    await pushContent(imageOf(), to(), { ...access(), now: () => now, tags: ['v1'] });
    expect(registry.authentication.issued).toBe(2);
    expect(registry.requests.filter(({ status }) => status === 401)).toHaveLength(1);
  });

  it('never asks for credentials that no registry wanted', async () => {
    await start();
    const find = jest.fn();
    await pushContent(SMALL, to(), { ...access({ find }), tags: [] });
    expect(find).not.toHaveBeenCalled();
  });

  it('gives no credentials to a token server of another owner', async () => {
    await start({ auth: { kind: 'bearer', realm: 'https://evil.example/token' } });
    await expect(
      pushContent(SMALL, to(), { ...access(user('u', 'hunter2')), tags: [] }),
    ).rejects.toMatchObject({
      code: 'REGISTRY_AUTH',
      message: expect.stringContaining('https://evil.example'),
    });
    expect(sent.every(({ url }) => url.host === registry.host)).toBe(true);
  });

  it('shows no secret that the registry repeats', async () => {
    await start({ auth: { kind: 'basic', username: 'u', password: 'hunter2secret' } });
    const body = JSON.stringify({
      errors: [
        {
          code: 'X',
          message: `you sent ${Buffer.from('u:hunter2secret').toString('base64')} and hunter2secret`,
        },
      ],
    });
    registry.addFault({
      skip: 8,
      times: 99,
      action: { kind: 'reply', reply: { status: 400, body } },
    });
    const error = (await pushContent(BIG, to(), {
      ...access(user('u', 'hunter2secret')),
      tags: ['a', 'b'],
    }).catch((problem: unknown) => problem)) as Error;
    expect(error.message).toContain('you sent *** and ***');
  });
});

it('shows no secret in any line or error, whatever goes wrong', async () => {
  const secret = 'hunter2-very-secret';
  const lines: string[] = [];
  const note = (line: string) => void lines.push(line);
  const progress = { step: note, output: note, warn: note };
  for (const fault of SECRET_FAULTS) {
    await start({ auth: { kind: 'bearer', user: { username: 'u', password: secret } } });
    registry.addFault(fault);
    const options = { ...access(user('u', secret)), progress, tags: ['v1'] };
    await pushContent(SMALL, to(), options).catch((error: Error) => note(`${error.stack}`));
    lines.push(...registry.requests.map(({ path, query }) => path + query));
    const tokens = sent.map(({ headers }) => headers['authorization']?.split(' ')[1]);
    await registry.close();
    expect(tokens.filter(Boolean).length).toBeGreaterThan(0);
    for (const value of [secret, ...tokens])
      expect(lines.filter((line) => value && line.includes(value))).toEqual([]);
    expect(lines.join()).toContain('login');
  }
});

const SECRET_FAULTS: Fault[] = [
  { path: /never/, action: { kind: 'silence' } },
  { path: /uploads/, times: 99, action: { kind: 'reply', reply: { status: 500, body: 'boom' } } },
  { path: /manifests/, times: 99, action: { kind: 'reset' } },
  { path: /token/, skip: 1, times: 99, action: { kind: 'reply', reply: { status: 403 } } },
  {
    path: /uploads/,
    action: { kind: 'reply', reply: { status: 302, headers: { location: '//evil.example' } } },
  },
];

describe('redirects', () => {
  it('are followed without credentials to another host', async () => {
    await start({ auth: { kind: 'basic', username: 'u', password: 'p' } });
    await pushContent(SMALL, to(), { ...access(user('u', 'p')), tags: ['v1'] });
    const other = await startRegistry();
    for (const { digest } of [SMALL.configDescriptor, ...SMALL.layers])
      other.contents.addBlob('cdn/x', registry.contents.blob('team/app', digest)!);
    registry.addFault({
      path: /blobs/,
      times: 99,
      action: {
        kind: 'change',
        change: (reply) => ({
          status: 307,
          headers: {
            location: `http://${other.host}/v2/cdn/x/blobs/${reply.headers?.['docker-content-digest']}?sig=1`,
          },
        }),
      },
    });
    try {
      const options = { platform: AMD64, store: Store.open(directory) } as const;
      await pullImage({ ...to(), tag: 'v1' }, { ...access(user('u', 'p')), ...options });
      expect(other.requests).toHaveLength(3);
      expect(other.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual(
        [],
      );
    } finally {
      await other.close();
    }
  });

  it.each([
    ['plain http elsewhere', 'http://cdn.example/x', /not safe/],
    ['user information', 'https://u:p@cdn.example/x', /not safe/],
    ['another scheme', 'file:///etc/passwd', /not safe/],
    ['no URL', 'http://[', /not a URL/],
    ['itself', '', /more than 5 redirects/],
  ])('to %s are refused', async (_, location, message) => {
    await start();
    const reply = { status: 302, headers: { location: location || '/v2/team/app/manifests/v1' } };
    registry.addFault({ times: 9, action: { kind: 'reply', reply } });
    await expect(pull()).rejects.toMatchObject({
      code: 'REGISTRY_PROTOCOL',
      message: expect.stringMatching(message),
    });
    expect(sent.length).toBeLessThanOrEqual(6);
  });

  it.each(['Basic realm="x"', 'Bearer realm="https://evil.example/token"'])(
    'to another host that asks for credentials (%s) end there',
    async (challenge) => {
      await start({ auth: { kind: 'basic', username: 'u', password: 'p' } });
      const other = await startRegistry();
      const reply = { status: 401, headers: { 'www-authenticate': challenge } };
      other.addFault({ times: 99, action: { kind: 'reply', reply } });
      const location = `http://${other.host}/x`;
      const away = { status: 307, headers: { location } };
      registry.addFault({ times: 99, action: { kind: 'reply', reply: away } });
      const options = { platform: AMD64, store: Store.open(directory) } as const;
      await expect(
        pullImage({ ...to(), tag: 'v1' }, { ...access(user('u', 'p')), ...options }),
      ).rejects.toMatchObject({ status: 401 });
      expect(sent.filter(({ url }) => url.host.includes('evil'))).toEqual([]);
      expect(sent.filter(({ headers }) => headers['authorization'])).toEqual([]);
      await other.close();
    },
  );

  it('of an upload to another host get no credentials', async () => {
    await start({ auth: { kind: 'basic', username: 'u', password: 'p' } });
    const other = await startRegistry();
    other.contents.addBlob('cdn/x', Buffer.from('x'));
    registry.addFault({
      method: 'POST',
      action: {
        kind: 'change',
        change: (reply) => ({
          ...reply,
          headers: { location: `http://${other.host}/v2/cdn/x/blobs/uploads/s` },
        }),
      },
    });
    await pushContent(imageOf(), to(), { ...access(user('u', 'p')), tags: [] });
    expect(other.requests.length).toBeGreaterThan(0);
    expect(other.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
    await other.close();
  });
});

describe('retries', () => {
  it.each([408, 425, 429, 499, 500, 502, 503, 504, 522])('%d is tried again', async (status) => {
    await start();
    registry.addFault({ times: 2, action: { kind: 'reply', reply: { status } } });
    await push();
    expect(waits.length).toBeGreaterThanOrEqual(1);
    expect(waits.every((wait) => wait < 8000)).toBe(true);
  });

  it.each([400, 403, 405, 413, 415, 451])('%d is final', async (status) => {
    await start();
    registry.addFault({ times: 9, action: { kind: 'reply', reply: { status } } });
    await expect(pull()).rejects.toMatchObject({ status, retryable: false });
    expect(sent).toHaveLength(1);
  });

  const wait = (text: string) =>
    ({ kind: 'reply', reply: { status: 429, headers: { 'retry-after': text } } }) as const;

  it('waits as long as the registry asks', async () => {
    await start();
    registry.addFault({ action: wait('7') });
    registry.addFault({ action: wait(new Date(Date.now() + 20_000).toUTCString()) });
    registry.addFault({ action: wait('soon') });
    await expect(pull()).rejects.toMatchObject({ code: 'REGISTRY_NOT_FOUND' });
    expect(waits[0]).toBe(7000);
    expect(waits[1]).toBeGreaterThan(15_000);
    expect(waits[2]).toBeLessThan(8000);
  });

  it('waits no longer in all than leaves time for another try, then gives up', async () => {
    await start();
    registry.addFault({ times: 9, action: wait('30') });
    await expect(pull()).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE', status: 429 });
    expect(waits).toHaveLength(2);
    expect(waits[0]).toBe(30_000);
    // 48 s without progress, of which a last try may take 5.
    expect(waits[1]).toBeGreaterThan(5_000);
    expect(waits[1]).toBeLessThanOrEqual(13_000);
  });

  it('end after five tries with the last answer', async () => {
    await start();
    registry.addFault({
      times: 99,
      action: { kind: 'reply', reply: { status: 503, body: 'busy' } },
    });
    await expect(pull({ digest: SMALL.digest })).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      retryable: true,
      message: expect.stringMatching(/503 \(busy\)$/),
    });
    expect(sent).toHaveLength(5);
  });

  it('happen after a reset, and after an answer that was lost', async () => {
    await start();
    registry.addFault({ method: 'PUT', path: /manifests\/sha256/, action: { kind: 'lose-reply' } });
    registry.addFault({ method: 'HEAD', action: { kind: 'reset' } });
    expect((await push()).tags).toEqual([{ tag: 'v1', changed: true }]);
  });

  it('do not happen for a name that does not exist', async () => {
    await start();
    const transport = {
      request: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })),
    };
    await expect(pull({}, { transport })).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      retryable: false,
    });
    expect(waits).toEqual([]);
  });

  it('never fall back from https to http', async () => {
    await start();
    const seen: string[] = [];
    const transport = {
      request: ({ url }: HttpRequest) => {
        seen.push(url.protocol);
        return Promise.reject(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }));
      },
    };
    await expect(
      pullImage(
        { registry: 'r.example:5000', repository: 'a' },
        { ...access(), transport, platform: AMD64, store: Store.open(directory) },
      ),
    ).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
    expect(new Set(seen)).toEqual(new Set(['https:']));
  });
});

it('passes a warning of the registry on once', async () => {
  await start();
  await push();
  const warn = jest.fn();
  registry.addFault({
    times: 99,
    action: {
      kind: 'change',
      change: (reply) => ({
        ...reply,
        headers: { ...reply.headers, warning: '299 - "going away"' },
      }),
    },
  });
  await pull({}, { progress: { step: () => {}, output: () => {}, warn } });
  expect(warn.mock.calls).toEqual([[`The registry ${registry.host} says: going away`]]);
});

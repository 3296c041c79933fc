import type { HttpRequest, HttpResponse } from '@nx-nixpack/base';
import { anonymous, type CredentialSource } from '../credentials/credential-source.js';
import { digestOf } from '../digest.js';
import { Image } from '../image.js';
import { MEDIA_TYPES } from '../media-types.js';
import type { RegistryAccess } from './access.js';
import { Connection } from './connection.js';
import { downloadBlob } from './download-blob.js';
import { pushContent } from './push-content.js';
import { resolveImage } from './resolve-image.js';

const PLATFORM = 'linux/amd64';
const TO = { registry: 'example.com', repository: 'a/b' };
/** What is promised: nobody waits longer for nothing. */
const MINUTE = 60_000;
const user: CredentialSource = {
  find: () =>
    Promise.resolve({
      credentials: { kind: 'basic', username: 'u', password: 'password' },
      origin: 'spec',
    }),
};

/** A clock that moves when everything waits: to the end of whichever wait ends first. */
let clock: number;
let waits: { readonly until: number; readonly end: () => void }[];
let ticking: NodeJS.Immediate;
beforeEach(() => {
  [clock, waits] = [0, []];
  const tick = (): void => {
    waits.sort((a, b) => a.until - b.until);
    const next = waits.shift();
    if (next) clock = Math.max(clock, next.until);
    next?.end();
    ticking = setImmediate(tick);
  };
  tick();
});
afterEach(() => clearImmediate(ticking));
const pass = (milliseconds: number): Promise<void> =>
  new Promise((end) => waits.push({ until: clock + milliseconds, end }));

type Behavior = (request: HttpRequest, count: number) => HttpResponse | Promise<HttpResponse>;

function access(behave: Behavior, credentials = anonymous): RegistryAccess & { urls: string[] } {
  const urls: string[] = [];
  return {
    urls,
    credentials,
    transport: {
      request: async (request) => {
        urls.push(`${request.method} ${request.url.pathname}`);
        return behave(request, urls.length);
      },
    },
    now: () => clock,
    sleep: pass,
  };
}

/** Takes the body and says nothing for as long as it is let. */
async function silent({ method, ...request }: HttpRequest): Promise<never> {
  const { body, idleMs = 0, answerMs = idleMs } = request;
  if (typeof body === 'function') for await (const chunk of body()) void chunk;
  // Canceling an upload has a real timer of its own.
  await pass(method === 'DELETE' ? 5000 : body ? answerMs : idleMs);
  throw Object.assign(new Error('no byte'), { code: 'ETIMEDOUT' });
}

const answer = (status: number, headers = {}, body = ''): HttpResponse => ({
  status,
  headers,
  body: (async function* () {
    if (body !== '') yield Buffer.from(body);
  })(),
});

function layerOf(size: number) {
  const bytes = Buffer.alloc(size, 7);
  return {
    mediaType: MEDIA_TYPES.layerGzip,
    digest: digestOf(bytes),
    diffId: digestOf(bytes),
    size,
    origin: 'own' as const,
    async *open() {
      for (let at = 0; at < size; at += 65536) yield bytes.subarray(at, at + 65536);
    },
  };
}

const push = (given: RegistryAccess, size = 1000) =>
  pushContent(Image.scratch(PLATFORM).append(layerOf(size)), TO, { ...given, tags: ['v1'] });
const resolve = (given: RegistryAccess) =>
  resolveImage({ ...TO, tag: 'v1' }, { ...given, platform: PLATFORM });

const unreachable = { code: 'REGISTRY_UNREACHABLE', retryable: true };

describe('a registry that says nothing is given up within a minute', () => {
  it('from the beginning', async () => {
    const given = access(silent);
    await expect(resolve(given)).rejects.toMatchObject(unreachable);
    expect(given.urls).toHaveLength(3);
    expect(clock).toBeLessThan(MINUTE);
  });

  it('when it takes uploads and never answers, the canceling included', async () => {
    const behave: Behavior = async (request) => {
      if (request.method === 'HEAD') return answer(404);
      if (request.method === 'POST') return answer(202, { location: '/v2/a/b/blobs/uploads/x' });
      return silent(request);
    };
    for (const size of [1000, 5 * 1024 * 1024]) {
      clock = 0;
      await expect(push(access(behave), size)).rejects.toMatchObject(unreachable);
      expect(clock).toBeLessThan(MINUTE);
    }
  });

  it('when everything falls silent while it uploads', async () => {
    const behave: Behavior = (request, count) => {
      if (count <= 2) return answer(404);
      if (count <= 4) return answer(202, { location: '/v2/a/b/blobs/uploads/x' });
      return silent(request);
    };
    await expect(push(access(behave))).rejects.toMatchObject(unreachable);
    expect(clock).toBeLessThan(MINUTE);
  });

  it('when only its token server does', async () => {
    const challenge = { 'www-authenticate': 'Bearer realm="https://auth.example.com/token"' };
    const given = access(
      (request) =>
        request.url.hostname === 'example.com' ? answer(401, challenge) : silent(request),
      user,
    );
    await expect(resolve(given)).rejects.toMatchObject(unreachable);
    expect(given.urls.filter((url) => url.endsWith('/token'))).toHaveLength(3);
    expect(clock).toBeLessThan(MINUTE);
  });

  it.each([5, 20, 40, 3600])('when it asks for %d seconds in between', async (seconds) => {
    const busy = answer(429, { 'retry-after': String(seconds) });
    const given = access((request, count) => (count % 2 === 1 ? { ...busy } : silent(request)));
    await expect(resolve(given)).rejects.toMatchObject(unreachable);
    expect(given.urls.length).toBeGreaterThan(1);
    expect(clock).toBeLessThan(MINUTE);
  });

  it('when its downloads stop, wherever they do', async () => {
    for (const before of [0, 1, 65_535]) {
      clock = 0;
      const given = access(({ idleMs = 0 }) => ({
        status: 200,
        headers: {},
        body: (async function* () {
          if (before > 0) yield Buffer.alloc(before, 7);
          await pass(idleMs);
          throw Object.assign(new Error('no byte'), { code: 'UND_ERR_BODY_TIMEOUT' });
        })(),
      }));
      await expect(download(given, 10_000_000)).rejects.toMatchObject(unreachable);
      expect(given.urls.length).toBeGreaterThan(1);
      expect(clock).toBeLessThan(MINUTE);
    }
  });
});

async function download(given: RegistryAccess, size: number): Promise<number> {
  let received = 0;
  const blob = { ...layerOf(1), size };
  for await (const chunk of downloadBlob(new Connection(TO, given), blob))
    received += chunk.byteLength;
  return received;
}

describe('a transfer that moves is never ended', () => {
  it('when a download brings a byte every 19 seconds', async () => {
    const given = access(() => ({
      status: 200,
      headers: {},
      body: (async function* () {
        for (let sent = 0; sent < 200; sent++) {
          await pass(19_000);
          yield Buffer.alloc(1, 7);
        }
      })(),
    }));
    expect(await download(given, 200)).toBe(200);
    expect(given.urls).toHaveLength(1);
  });

  it('when a download stops again and again, each time after more', async () => {
    const step = 65_536;
    const given = access(({ headers, idleMs = 0 }) => {
      const from = Number(/\d+/.exec(headers['range'] ?? '0')?.[0]);
      return {
        status: from > 0 ? 206 : 200,
        headers: { 'content-range': `bytes ${from}-` },
        body: (async function* () {
          yield Buffer.alloc(step, 7);
          await pass(idleMs);
          throw Object.assign(new Error('no byte'), { code: 'UND_ERR_BODY_TIMEOUT' });
        })(),
      };
    });
    expect(await download(given, step * 20)).toBe(step * 20);
  });

  it('when whoever takes a download is slow', async () => {
    const given = access((_, count) => ({
      status: 200,
      headers: {},
      body: (async function* () {
        yield Buffer.alloc(100, 7);
        if (count === 1) throw Object.assign(new Error('cut'), { code: 'ECONNRESET' });
        yield Buffer.alloc(100, 7);
      })(),
    }));
    const blob = { ...layerOf(1), size: 200 };
    let received = 0;
    for await (const chunk of downloadBlob(new Connection(TO, given), blob)) {
      await pass(600_000);
      received += chunk.byteLength;
    }
    expect(received).toBe(200);
    expect(given.urls).toHaveLength(2);
  });

  it('when an upload takes an hour, and its answer as long as reading it again takes', async () => {
    const size = 40_000_000;
    const allowed: number[] = [];
    let manifest = Buffer.alloc(0);
    const behave: Behavior = async ({ method, url, body, answerMs = 0 }) => {
      if (url.pathname.includes('manifests')) {
        if (method === 'PUT') manifest = Buffer.from(body as Uint8Array);
        const found = { 'docker-content-digest': digestOf(manifest) };
        if (method === 'PUT') return answer(201);
        return manifest.length ? answer(200, found, manifest.toString()) : answer(404);
      }
      if (method === 'HEAD') return answer(404);
      if (method === 'POST') return answer(202, { location: '/v2/a/b/blobs/uploads/x' });
      if (typeof body === 'function')
        for await (const chunk of body()) await pass((chunk.byteLength / size) * 3_600_000);
      allowed.push(answerMs);
      return answer(method === 'PATCH' ? 202 : 201);
    };
    const report = await push(access(behave), size);
    expect(report.uploaded).toHaveLength(2);
    // 20 s for a sign of life, and 2 s to read 40 MB.
    expect(allowed).toContain(22_000);
  });
});

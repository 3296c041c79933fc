import type { HttpRequest } from '@nx-nixpack/base';
import {
  anonymous,
  type BlobStore,
  type Digest,
  digestOf,
  Image,
  MEDIA_TYPES,
  pullImage,
  pushImage,
  type RegistryAccess,
} from '@nx-nixpack/oci';
import { type Fault, startRegistry, type TestRegistry } from '@nx-nixpack/testing';
import { undiciTransport } from './undici-transport.js';

/** More with FAULT_RUNS=200; every run is made from its number alone. */
const RUNS = Number(process.env['FAULT_RUNS'] ?? 30);
const SIZE = 4 * 1024 * 1024 + 300_000;

/** mulberry32: small, and the same everywhere. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const STATUSES = [408, 425, 429, 499, 500, 502, 503, 504, 522];

/** One fault of every kind that a push or a pull must survive. */
function faults(registry: TestRegistry, next: () => number): Fault[] {
  const at = [0, 0.5, 0.99][Math.floor(next() * 3)] as number;
  const skip = Math.floor(next() * 3);
  const status = STATUSES[Math.floor(next() * STATUSES.length)] as number;
  const reply = { status, headers: { 'retry-after': '1' } };
  const kinds: Fault[] = [
    { skip, action: { kind: 'reply', reply } },
    { method: 'PATCH', action: { kind: 'reset', afterBytes: Math.floor(SIZE * at) } },
    { method: 'PUT', path: /uploads/, action: { kind: 'reset', afterBytes: 3 } },
    { method: 'PATCH', action: { kind: 'lose-reply' } },
    { method: 'PUT', skip, action: { kind: 'lose-reply' } },
    { method: 'POST', skip, action: { kind: 'lose-reply' } },
    { skip, action: { kind: 'reset' } },
    { method: 'PATCH', action: { kind: 'before', run: () => registry.uploads.forget() } },
    { skip, action: { kind: 'before', run: () => registry.authentication.expireTokens() } },
    {
      method: 'GET',
      path: /blobs\/sha/,
      action: { kind: 'cut', afterBytes: Math.floor(SIZE * at) },
    },
    { method: 'GET', path: /blobs\/sha/, action: { kind: 'cut', afterBytes: 100, clean: true } },
    {
      method: 'PATCH',
      action: {
        kind: 'change',
        change: (answer) => ({ ...answer, headers: { ...answer.headers, range: '0-4095' } }),
      },
    },
  ];
  return kinds;
}

function bytesOf(next: () => number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32LE(next() * 4294967296, at);
  return bytes;
}

/** A store without the cost of a disk. */
function memoryStore(): BlobStore & { readonly blobs: Map<Digest, Buffer> } {
  const blobs = new Map<Digest, Buffer>();
  return {
    blobs,
    has: (digest) => blobs.has(digest),
    async *openBlob(digest) {
      yield blobs.get(digest) as Buffer;
    },
    async writeBlob(content, { digest } = {}) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of content) chunks.push(Buffer.from(chunk));
      const bytes = Buffer.concat(chunks);
      if (digest !== digestOf(bytes)) throw new Error(`other bytes than ${digest}`);
      blobs.set(digest, bytes);
      return { digest, size: bytes.byteLength };
    },
  };
}

const big = bytesOf(random(1), SIZE);
const small = bytesOf(random(2), 50_000);
const image = Image.scratch('linux/amd64').append(
  ...[big, small].map((bytes) => ({
    mediaType: MEDIA_TYPES.layerGzip,
    digest: digestOf(bytes),
    diffId: digestOf(bytes),
    size: bytes.byteLength,
    origin: 'own' as const,
    async *open() {
      for (let at = 0; at < bytes.byteLength; at += 1048576) yield bytes.subarray(at, at + 1048576);
    },
  })),
);

const transport = undiciTransport();

it.each(Array.from({ length: RUNS }, (_, seed) => seed))(
  'push and pull end with the right digest, faults of seed %d',
  async (seed) => {
    const next = random(seed + 1000);
    const registry = await startRegistry({ auth: { kind: 'bearer' } });
    const known = faults(registry, next);
    const chosen = [
      known[seed % known.length],
      known[Math.floor(next() * known.length)],
    ] as Fault[];
    for (const fault of chosen) registry.addFault(fault);
    const access: RegistryAccess = {
      transport,
      credentials: anonymous,
      sleep: () => Promise.resolve(),
    };
    const to = { registry: registry.host, repository: 'a/b' };
    try {
      const report = await pushImage(image, to, { ...access, tags: ['v1'] });
      expect(report.digest).toBe(image.digest);
      expect(digestOf(registry.contents.manifest('a/b', 'v1')?.bytes ?? '')).toBe(image.digest);
      const store = memoryStore();
      const pulled = await pullImage(
        { ...to, tag: 'v1' },
        { ...access, platform: 'linux/amd64', store },
      );
      expect(pulled.digest).toBe(image.digest);
      expect(store.blobs.get(digestOf(big))?.equals(big)).toBe(true);
      expect(registry.violations).toEqual([]);
      const resumable = !chosen.some(
        ({ action }) => action.kind === 'before' || action.kind === 'change',
      );
      const received = registry.requests.filter(({ method }) => method === 'PATCH');
      if (resumable)
        expect(received.reduce((sum, request) => sum + request.received, 0)).toBe(SIZE);
    } finally {
      await registry.close();
    }
  },
);

describe('undiciTransport', () => {
  const get = (host: string, extra: Partial<HttpRequest> = {}, limits = {}) =>
    undiciTransport(limits).request({
      method: 'GET',
      url: new URL(`http://${host}/v2/`),
      headers: {},
      ...extra,
    });

  it('sends no encoding but identity, follows no redirect and reports lower-case names', async () => {
    const registry = await startRegistry();
    registry.addFault({
      action: { kind: 'reply', reply: { status: 302, headers: { Location: '/elsewhere' } } },
    });
    const response = await get(registry.host);
    for await (const chunk of response.body) expect(chunk).toBeUndefined();
    expect(response.status).toBe(302);
    expect(response.headers['location']).toBe('/elsewhere');
    expect(registry.requests[0]?.headers['accept-encoding']).toBe('identity');
    expect(registry.requests).toHaveLength(1);
    await registry.close();
  });

  it('gives up a registry that says nothing', async () => {
    const registry = await startRegistry({ faults: [{ action: { kind: 'silence' } }] });
    await expect(get(registry.host, {}, { connectMs: 50, idleMs: 50 })).rejects.toMatchObject({
      code: 'ETIMEDOUT',
    });
    await registry.close();
  });

  it('ends when it is aborted', async () => {
    const registry = await startRegistry({ faults: [{ action: { kind: 'silence' } }] });
    const abort = new AbortController();
    const running = get(registry.host, { signal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    await expect(running).rejects.toThrow(/abort/i);
    await registry.close();
  });
});

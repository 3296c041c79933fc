import { type HttpRequest, UserError } from '@nx-nixpack/base';
import {
  anonymous,
  type BlobStore,
  type Digest,
  digestOf,
  Image,
  MEDIA_TYPES,
  pullImage,
  pushContent,
  type RegistryAccess,
} from '@nx-nixpack/oci';
import {
  type Fault,
  type FaultCase,
  leaksIn,
  PULL_CASES,
  PUSH_CASES,
  seeded,
  startRegistry,
  type TestRegistry,
  WIRE_CASES,
} from '@nx-nixpack/testing';
import { undiciTransport } from './undici-transport.js';

/** More with FAULT_RUNS=200; every run is made from its number alone. */
const RUNS = Number(process.env['FAULT_RUNS'] ?? 30);
const SIZE = 4 * 1024 * 1024 + 300_000;

/** Numbers from 0 to 1. */
function random(seed: number): () => number {
  const at = seeded(seed);
  return () => at.below(2 ** 32) / 2 ** 32;
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

const corrupt = (digest?: string): UserError =>
  new UserError({ code: 'STORE_CORRUPT', message: `Other bytes than ${digest}`, hint: 'x.' });

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
      if (digest !== digestOf(bytes)) throw corrupt(digest);
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

const layers = image.layers.map(({ digest }) => digest as string);
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
      const report = await pushContent(image, to, { ...access, tags: ['v1'] });
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

const CASES = [...PULL_CASES, ...PUSH_CASES, ...WIRE_CASES];
const SEEDS = [1, 2, 3];
const PASSWORD = 'p4$$ W0/rd+of-the-faults';

describe(`${CASES.length} faults, each with ${SEEDS.length} seeds`, () => {
  it('are at least 60, each with its own name', () => {
    expect(CASES.length).toBeGreaterThanOrEqual(60);
    const names = CASES.map(({ flow, name }) => `${flow} ${name}`);
    expect(new Set(names).size).toBe(CASES.length);
  });

  const all = CASES.flatMap((given) =>
    SEEDS.map((seed) => [given.flow, given.name, given.verdict, seed, given] as const),
  );
  // Nobody waits longer, whatever goes wrong.
  const minute = 60_000;
  it.each(all)(
    '%s with %s: %s (seed %d)',
    (_flow, _name, _verdict, seed, given) => check(given, seed),
    minute,
  );
});

async function check(given: FaultCase, seed: number): Promise<void> {
  const user = { username: 'u', password: PASSWORD };
  const { auth } = given.options ?? {};
  const registry = await startRegistry({
    ...given.options,
    auth: { ...(auth?.kind === 'bearer' ? auth : {}), kind: 'bearer', user },
  });
  try {
    if (given.flow === 'pull') fill(registry);
    given.prepare(registry, seeded(seed));
    const said: string[] = [];
    const error = await flowOf(given, registry, said).then(
      () => undefined,
      (problem: unknown) => problem,
    );
    if (error !== undefined && !(error instanceof UserError)) throw error;
    expect(error?.code ?? 'recover').toBe(given.verdict);
    for (const line of [...said, `${error?.stack}`])
      expect(leaksIn(line, { password: PASSWORD })).toEqual([]);
    if (given.flow === 'push') expectConsistent(registry, given.verdict);
    if (!given.isMisled) expect(registry.violations).toEqual([]);
  } finally {
    await registry.close();
  }
}

function fill({ contents }: TestRegistry): void {
  for (const bytes of [big, small, image.configBytes]) contents.addBlob('a/b', bytes);
  contents.addManifest('a/b', image.manifest, image.mediaType, 'v1');
}

async function flowOf(given: FaultCase, registry: TestRegistry, said: string[]): Promise<void> {
  const note = (line: string): void => void said.push(line);
  const credentials = { kind: 'basic', username: 'u', password: PASSWORD } as const;
  const access: RegistryAccess = {
    transport: undiciTransport(),
    credentials: { find: () => Promise.resolve({ credentials, origin: 'spec' }) },
    progress: { step: note, output: note, warn: note },
    sleep: () => Promise.resolve(),
    ...(given.limits ? { limits: given.limits } : {}),
  };
  const to = { registry: registry.host, repository: 'a/b' };
  if (given.flow === 'push') {
    await pushContent(image, to, { ...access, tags: ['v1'] });
    return;
  }
  const store = memoryStore();
  const options = { ...access, platform: 'linux/amd64', store } as const;
  const pulled = await pullImage({ ...to, tag: 'v1' }, options).finally(() => {
    for (const [digest, bytes] of store.blobs) expect(digestOf(bytes)).toBe(digest);
  });
  expect(pulled.digest).toBe(image.digest);
  expect(store.blobs.get(digestOf(big))?.equals(big)).toBe(true);
}

/** A tag is the last thing that is set: it leads to the whole image, or it is not there. */
function expectConsistent({ contents }: TestRegistry, verdict: FaultCase['verdict']): void {
  const tagged = contents.manifest('a/b', 'v1');
  if (verdict === 'recover') expect(tagged?.bytes.equals(image.manifest)).toBe(true);
  if (tagged) expect(contents.blobs('a/b')).toEqual(expect.arrayContaining(layers));
}

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

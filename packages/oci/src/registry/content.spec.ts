import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Platform } from '@nx-nixpack/data';
import {
  type Fault,
  loopbackTransport,
  startRegistry,
  type RegistryOptions,
  type TestRegistry,
} from '@nx-nixpack/testing';
import { Artifact } from '../artifact.js';
import { blobOf, descriptorOf, type Content } from '../content.js';
import { anonymous } from '../credentials/credential-source.js';
import { digestOf } from '../digest.js';
import { Image } from '../image.js';
import { Index } from '../image-index.js';
import { MEDIA_TYPES } from '../media-types.js';
import { memoryLayer } from '../layer/memory-layer.contract.js';
import { Store } from '../store/store.js';
import { problemsIn } from '../validate.contract.js';
import { pullContent } from './pull-content.js';
import { pullImage } from './pull-image.js';
import { pushContent } from './push-content.js';
import { listReferrers } from './referrers.js';

const imageFor = (platform: Platform): Image =>
  Image.scratch(platform).append(
    memoryLayer(Buffer.alloc(platform === 'linux/amd64' ? 1024 : 2048)),
  );
const amd64 = imageFor('linux/amd64');
const arm64 = imageFor('linux/arm64');
const index = Index.of([arm64, amd64]);
const SBOM = 'application/vnd.cyclonedx+json';
const document = Buffer.from('{"bomFormat":"CycloneDX"}');
const blob = blobOf(
  { mediaType: SBOM, digest: digestOf(document), size: document.byteLength },
  document,
);
const about = (subject: Content, name = 'one'): Artifact =>
  Artifact.of({
    artifactType: SBOM,
    layers: [blob],
    subject: descriptorOf(subject),
    annotations: { name },
  });

let registry: TestRegistry;
let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'content-'))));
afterEach(async () => {
  expect(registry.violations).toEqual([]);
  await registry.close();
  rmSync(directory, { recursive: true });
});

const access = () => ({ transport: loopbackTransport(), credentials: anonymous });
const to = (repository = 'team/app') => ({ registry: registry.host, repository });
const push = (content: Content, tags: readonly string[] = []) =>
  pushContent(content, to(), { ...access(), tags });
const pull = (more: object) =>
  pullContent({ ...to(), ...more }, { ...access(), store: Store.open(join(directory, 'store')) });
const referrers = async (subject: Content) =>
  (await listReferrers({ ...to(), digest: subject.digest }, access())).map(({ digest }) => digest);
const start = async (options: RegistryOptions = {}): Promise<void> => {
  registry = await startRegistry(options);
};

describe('an index', () => {
  it('is pushed after its images and their blobs, its tag last', async () => {
    await start();
    const report = await push(index, ['v1']);
    expect(report).toMatchObject({ digest: index.digest, tags: [{ tag: 'v1', changed: true }] });
    const puts = registry.takeRequests().filter((line) => line.startsWith('PUT /v2/team/app/man'));
    expect(puts.map((line) => line.split('/').at(-1))).toEqual([
      amd64.digest,
      arm64.digest,
      index.digest,
      'v1',
    ]);
  });

  it('comes back with all its images, byte for byte', async () => {
    await start();
    await push(index, ['v1']);
    const found = await pull({ tag: 'v1' });
    expect(found).toBeInstanceOf(Index);
    expect(found.digest).toBe(index.digest);
    expect(await problemsIn(found)).toEqual([]);
    const [first] = (found as Index).images;
    expect([first?.platform, first?.digest]).toEqual(['linux/amd64', amd64.digest]);
  });

  it("that is malformed is nobody's base", async () => {
    await start();
    const bytes = Buffer.from('{"schemaVersion":2}');
    registry.contents.addManifest('team/app', bytes, MEDIA_TYPES.index, 'v1');
    await expect(pull({ tag: 'v1' })).rejects.toMatchObject({
      code: 'BASE_INVALID',
      message: 'The image index is malformed',
      hint: expect.stringMatching(/^Choose other content/) as string,
    });
  });

  it('leads to the image of a platform', async () => {
    await start();
    await push(index, ['v1']);
    const options = { ...access(), store: Store.open(directory), platform: 'linux/arm64' } as const;
    expect((await pullImage({ ...to(), tag: 'v1' }, options)).digest).toBe(arm64.digest);
  });

  it('needs no byte when it is there already', async () => {
    await start();
    await push(index, ['v1']);
    registry.takeRequests();
    expect(await push(index, ['v1'])).toMatchObject({ uploaded: [], mounted: [] });
    expect(registry.takeRequests().filter((line) => !/^(GET|HEAD) /.test(line))).toEqual([]);
  });
});

describe('an artifact', () => {
  it('is pushed and comes back byte for byte', async () => {
    await start();
    const artifact = Artifact.of({ artifactType: SBOM, layers: [blob] });
    await push(artifact, ['sbom']);
    const found = await pull({ tag: 'sbom' });
    expect(found).toBeInstanceOf(Artifact);
    expect(found.digest).toBe(artifact.digest);
    expect(await problemsIn(found)).toEqual([]);
  });

  it('of a manifest becomes its referrer, by the registry itself', async () => {
    await start();
    const artifact = about(index);
    await push(index);
    registry.takeRequests();
    await push(artifact);
    expect(registry.takeRequests().join('\n')).not.toMatch(/referrers|manifests\/sha256-/);
    expect(registry.contents.tags('team/app')).toEqual([]);
    expect(await referrers(index)).toEqual([artifact.digest]);
    expect(await referrers(amd64)).toEqual([]);
  });

  it('is listed page by page', async () => {
    await start();
    const all = ['a', 'b', 'c', 'd', 'e'].map((name) => about(amd64, name));
    await push(amd64);
    for (const artifact of all) await push(artifact);
    expect(await referrers(amd64)).toEqual(all.map(({ digest }) => digest));
  });

  it('is listed under a tag where the registry has no list, each once', async () => {
    await start({ withoutReferrers: true });
    const [one, other] = [about(amd64, 'one'), about(amd64, 'other')];
    await push(amd64);
    for (const artifact of [one, other, one]) await push(artifact);
    const tag = `sha256-${amd64.digest.slice('sha256:'.length)}`;
    expect(registry.contents.tags('team/app')).toEqual([tag]);
    expect(await listReferrers({ ...to(), digest: amd64.digest }, access())).toEqual(
      [one, other].map((artifact) => ({
        ...descriptorOf(artifact),
        artifactType: SBOM,
        annotations: artifact.annotations,
      })),
    );
  });

  it('keeps what somebody else has put under the tag', async () => {
    await start({ withoutReferrers: true });
    const [one, other] = [about(amd64, 'one'), about(amd64, 'other')];
    await push(amd64);
    await push(other);
    const tag = `sha256-${amd64.digest.slice('sha256:'.length)}`;
    const theirs = registry.contents.manifest('team/app', tag);
    await push(one);
    // Whoever read the list before writes it back without ours.
    registry.contents.addManifest(
      'team/app',
      theirs?.bytes ?? Buffer.of(),
      theirs?.mediaType ?? '',
      tag,
    );
    expect(await referrers(amd64)).toEqual([other.digest]);
    await push(one);
    expect(await referrers(amd64)).toEqual([other.digest, one.digest]);
  });

  it('is listed when the list shows it only after the last try', async () => {
    await start({ withoutReferrers: true });
    await push(amd64);
    answer({ method: 'GET', path: TAG, times: 5 }, 404, '');
    await push(about(amd64));
    expect(await referrers(amd64)).toEqual([about(amd64).digest]);
  });

  it('leaves what others say in the list of a tag as they said it', async () => {
    await start({ withoutReferrers: true });
    await push(amd64);
    await push(about(amd64, 'theirs'));
    const listed = { ...descriptorOf(about(amd64, 'theirs')), urls: ['https://example.com/a'] };
    const theirs = { schemaVersion: 2, manifests: [listed], annotations: { kept: 'yes' } };
    putList(theirs);
    await push(about(amd64));
    const bytes = registry.contents.manifest('team/app', tag)?.bytes;
    expect(JSON.parse(String(bytes))).toMatchObject({
      manifests: [listed, { digest: about(amd64).digest }],
      annotations: { kept: 'yes' },
    });
  });

  it('replaces no image that has the name of the list', async () => {
    await start({ withoutReferrers: true });
    await push(amd64, [tag]);
    await expect(push(about(amd64))).rejects.toMatchObject({ code: 'REGISTRY_PROTOCOL' });
    const kept = registry.contents.manifest('team/app', tag)?.bytes ?? Buffer.of();
    expect(digestOf(kept)).toBe(amd64.digest);
  });
});

describe('a list of referrers', () => {
  it('that never ends is refused', async () => {
    await start();
    const link = `</v2/team/app/referrers/${amd64.digest}>; rel="next"`;
    answer({ path: /referrers/, times: 1000 }, 200, list([]), { link });
    await expect(referrers(amd64)).rejects.toMatchObject({ code: 'REGISTRY_PROTOCOL' });
  });

  it('that is longer than anybody needs is refused before memory is full', async () => {
    await start();
    const link = `</v2/team/app/referrers/${amd64.digest}>; rel="next"`;
    const many = Array.from({ length: 5000 }, () => descriptorOf(about(amd64)));
    answer({ path: /referrers/, times: 1000 }, 200, list(many), { link });
    await expect(referrers(amd64)).rejects.toMatchObject({ code: 'REGISTRY_PROTOCOL' });
    expect(registry.takeRequests().length).toBeLessThan(20);
  });

  it('has annotations that are texts', async () => {
    await start();
    answer(
      { path: /referrers/ },
      200,
      list([{ ...descriptorOf(about(amd64)), annotations: { a: 1 } }]),
    );
    await expect(referrers(amd64)).rejects.toMatchObject({
      code: 'BASE_INVALID',
      hint: expect.stringContaining('the list of referrers mended') as string,
    });
  });
});

const tag = `sha256-${amd64.digest.slice('sha256:'.length)}`;
const TAG = /manifests\/sha256-/;
const list = (manifests: readonly unknown[]): string =>
  JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests });
const putList = (value: unknown): void => {
  const bytes = Buffer.from(JSON.stringify(value));
  registry.contents.addManifest('team/app', bytes, MEDIA_TYPES.index, tag);
};
const answer = (
  fault: Omit<Fault, 'action'>,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): void => {
  const reply = { status, headers: { 'content-type': MEDIA_TYPES.index, ...headers }, body };
  registry.addFault({ ...fault, action: { kind: 'reply', reply } });
};

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Platform } from '@nx-nixpack/data';
import { Artifact } from './artifact.js';
import { blobOf, descriptorOf, type Content } from './content.js';
import { digestOf, hexOf } from './digest.js';
import { Image } from './image.js';
import { Index } from './image-index.js';
import { memoryLayer } from './layer/memory-layer.contract.js';
import { readLayout, readLayoutContent } from './layout/read-layout.js';
import { writeLayout } from './layout/write-layout.js';
import { EMPTY, MEDIA_TYPES } from './media-types.js';
import { problemsIn } from './validate.contract.js';

const imageFor = (platform: Platform): Image =>
  Image.scratch(platform).append(
    memoryLayer(Buffer.alloc(platform === 'linux/amd64' ? 1024 : 2048)),
  );
const [amd64, arm64] = [imageFor('linux/amd64'), imageFor('linux/arm64')];
const TYPE = 'application/spdx+json';
const bytes = Buffer.from('{}\n');
const blob = blobOf({ mediaType: TYPE, digest: digestOf(bytes), size: 3 }, bytes);
const json = (content: Content): unknown => JSON.parse(Buffer.from(content.manifest).toString());

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'content-'))));
afterEach(() => rmSync(directory, { recursive: true }));

describe('Index', () => {
  it('is the same in whatever order its images are given', () => {
    expect(Index.of([arm64, amd64]).digest).toBe(Index.of([amd64, arm64]).digest);
    expect(Index.of([amd64]).digest).not.toBe(Index.of([amd64, arm64]).digest);
    expect(json(Index.of([arm64, amd64], { a: 'b' }))).toEqual({
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.index,
      manifests: [
        { ...descriptorOf(amd64), platform: { architecture: 'amd64', os: 'linux' } },
        { ...descriptorOf(arm64), platform: { architecture: 'arm64', os: 'linux' } },
      ],
      annotations: { a: 'b' },
    });
  });

  it('has one image for a platform, and at least one', () => {
    const other = amd64.annotate({ a: 'b' });
    expect(() => Index.of([amd64, other])).toThrow(/one image for linux\/amd64/);
    expect(() => Index.of([])).toThrow(/at least one/);
    expect(Index.of([amd64]).imageFor('linux/amd64')).toBe(amd64);
    expect(Index.of([amd64]).imageFor('linux/arm64')).toBeUndefined();
  });
});

describe('Artifact', () => {
  it('has the form that the specification gives artifacts', () => {
    const artifact = Artifact.of({
      artifactType: TYPE,
      layers: [blob],
      subject: descriptorOf(amd64),
    });
    expect(json(artifact)).toEqual({
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.manifest,
      artifactType: TYPE,
      config: { mediaType: EMPTY, digest: digestOf('{}'), size: 2 },
      layers: [{ mediaType: TYPE, digest: blob.digest, size: 3 }],
      subject: descriptorOf(amd64),
    });
  });

  it('names the empty blob where it has no content', () => {
    const artifact = Artifact.of({ artifactType: TYPE });
    expect(artifact.layers.map(({ digest }) => digest)).toEqual([digestOf('{}')]);
    expect(Artifact.of({ artifactType: TYPE }).digest).toBe(artifact.digest);
  });

  it.each([
    ['no descriptor', { subject: {} }],
    ['another schema', { schemaVersion: 1 }],
    ['annotations that are not texts', { annotations: { a: 1 } }],
    ['no layers', { layers: 'none' }],
  ])('is refused with %s', (_what, change) => {
    const { manifest } = Artifact.of({ artifactType: TYPE });
    const changed = { ...JSON.parse(Buffer.from(manifest).toString()), ...change };
    expect(() => Artifact.existing(Buffer.from(JSON.stringify(changed)), blob.open)).toThrow(
      expect.objectContaining({ code: 'BASE_INVALID' }),
    );
  });
});

describe('a layout', () => {
  it.each<[string, Content]>([
    ['an image', amd64],
    ['an index', Index.of([amd64, arm64], { a: 'b' })],
    ['an artifact', Artifact.of({ artifactType: TYPE, layers: [blob], annotations: { a: 'b' } })],
  ])('brings %s back byte for byte', async (_what, content) => {
    await writeLayout(content, directory);
    const found = await readLayoutContent(directory);
    expect([found.constructor, found.digest]).toEqual([content.constructor, content.digest]);
    expect(await problemsIn(found)).toEqual([]);
    expect(found.listed).toEqual(content.listed);
  });

  it('of an index leads to the image of a platform', async () => {
    await writeLayout(Index.of([amd64, arm64]), directory);
    expect((await readLayout(directory, { platform: 'linux/arm64' })).digest).toBe(arm64.digest);
  });

  it('may leave out layers of every image of an index', async () => {
    await writeLayout(Index.of([amd64, arm64]), directory, { omit: () => true });
    const path = (digest: string) => join(directory, 'blobs/sha256', digest.slice(7));
    const layers = [amd64, arm64].flatMap((image) => image.layers.map(({ digest }) => digest));
    expect(layers.filter((digest) => existsSync(path(digest)))).toEqual([]);
    expect(existsSync(path(arm64.configDescriptor.digest))).toBe(true);
  });

  it('is refused when a manifest of its index was changed', async () => {
    await writeLayout(Index.of([amd64, arm64]), directory);
    const path = join(directory, 'blobs/sha256', hexOf(arm64.digest));
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace('"schemaVersion": 2', '"schemaVersion": 3'),
    );
    await expect(readLayoutContent(directory)).rejects.toMatchObject({ code: 'BASE_INVALID' });
  });
});

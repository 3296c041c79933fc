import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Platform } from '@nx-nixpack/data';
import { digestOf, hexOf } from '../digest.js';
import { Image, type Layer } from '../image.js';
import { memoryLayer } from '../layer/memory-layer.contract.js';
import { MEDIA_TYPES } from '../media-types.js';
import { Store } from '../store/store.js';
import { problemsIn } from '../validate.contract.js';
import { openResult } from './open-result.js';
import { readLayout } from './read-layout.js';
import { writeLayout } from './write-layout.js';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'layout-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const base: Layer = memoryLayer(Buffer.alloc(1024));
const own: Layer = { ...memoryLayer(Buffer.alloc(2048)), origin: 'own', name: 'application' };
const imageFor = (platform: Platform) =>
  Image.scratch(platform)
    .append({ ...base, name: 'x' })
    .append(own)
    .configure({ Cmd: ['run'] });
const image = imageFor('linux/amd64');
const amd64 = { platform: 'linux/amd64' } as const;
const blob = (digest: string) => join(directory, 'blobs/sha256', digest.slice('sha256:'.length));

const store = () => Store.open(join(directory, 'store'));
const opening = (omitted: readonly Layer[] = []) =>
  openResult(directory, {
    digest: image.digest,
    omitted: new Set(omitted.map(({ digest }) => digest)),
    store: store(),
  });
const result = async (omitted?: readonly Layer[]) => (await opening(omitted)).image;

async function contentOf(layer: Layer): Promise<void> {
  for await (const _chunk of layer.open());
}

function put(content: unknown, mediaType: string) {
  const bytes = Buffer.from(JSON.stringify(content));
  const digest = digestOf(bytes);
  writeFileSync(join(directory, 'blobs/sha256', hexOf(digest)), bytes);
  return { mediaType, digest, size: bytes.byteLength };
}

const setIndex = (manifests: readonly unknown[]) =>
  writeFileSync(join(directory, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
const descriptorOf = (each: Image) => ({
  mediaType: each.mediaType,
  digest: each.digest,
  size: each.manifest.byteLength,
});

describe('image layouts', () => {
  it('are read as they were written', async () => {
    await writeLayout(image, directory);
    const found = await result();
    expect(found.digest).toBe(image.digest);
    expect(await problemsIn(found)).toEqual([]);
    expect(readdirSync(join(directory, 'blobs/sha256'))).toHaveLength(4);
    const plain = await readLayout(directory, amd64);
    expect(plain.layers.map(({ origin, name }) => [origin, name])).toEqual([
      ['base', undefined],
      ['base', undefined],
    ]);
  });

  it('have the same bytes for the same image', async () => {
    await writeLayout(image, directory);
    const before = readFileSync(join(directory, 'index.json'), 'utf8');
    await writeLayout(image, directory);
    expect(readFileSync(join(directory, 'index.json'), 'utf8')).toBe(before);
    expect(readdirSync(directory).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
  });

  it('may leave out layers that a store has', async () => {
    await writeLayout(image, directory, { omit: (layer) => layer.digest === base.digest });
    expect(existsSync(blob(base.digest))).toBe(false);
    await expect(result([base])).rejects.toThrow(/is missing/);
    await store().writeBlob(base.open());
    expect(await problemsIn(await result([base]))).toEqual([]);
    await expect(result()).rejects.toThrow(/is missing/);
  });

  it('are not written from a layer that lies about itself', async () => {
    const lying = image.append({ ...own, digest: digestOf('x') });
    await expect(writeLayout(lying, directory)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    expect(existsSync(join(directory, 'index.json'))).toBe(false);
  });

  it.each<[string, () => string]>([
    ['its manifest', () => image.digest],
    ['its configuration', () => image.configDescriptor.digest],
  ])('are refused when %s was changed', async (_what, digest) => {
    await writeLayout(image, directory);
    const bytes = readFileSync(blob(digest()));
    for (const change of [bytes.subarray(1), Buffer.from(bytes).fill(0x09, 2, 3)]) {
      writeFileSync(blob(digest()), change);
      await expect(readLayout(directory, amd64)).rejects.toMatchObject({ code: 'BASE_INVALID' });
      await expect(result()).rejects.toMatchObject({ code: 'CACHE_RESULT_REJECTED' });
    }
  });

  it('are refused when a layer was changed, a base while it is read', async () => {
    await writeLayout(image, directory);
    writeFileSync(blob(own.digest), Buffer.alloc(own.size));
    await expect(result()).rejects.toMatchObject({ code: 'CACHE_RESULT_REJECTED' });
    const found = await readLayout(directory, amd64);
    await expect(contentOf(found.layers[1] as Layer)).rejects.toMatchObject({
      code: 'BASE_INVALID',
    });
  });

  it('stay readable when the directory is replaced or emptied', async () => {
    await writeLayout(image, directory);
    const opened = await opening();
    rmSync(join(directory, 'blobs'), { recursive: true });
    expect(await problemsIn(opened.image)).toEqual([]);
    const descriptors = () => readdirSync('/proc/self/fd').length;
    const before = descriptors();
    opened.close();
    expect(descriptors()).toBe(before - 2);
  });

  it('may be links for a base, but never for a result', async () => {
    await writeLayout(image, directory);
    renameSync(blob(own.digest), join(directory, 'layer'));
    symlinkSync(join(directory, 'layer'), blob(own.digest));
    const found = await readLayout(directory, amd64);
    await contentOf(found.layers[1] as Layer);
    await expect(result()).rejects.toThrow(/is a symbolic link/);
  });

  it('are not results when the index says more than was written', async () => {
    await writeLayout(image, directory);
    setIndex([{ ...descriptorOf(image), platform: { os: 'linux', architecture: 'amd64' } }]);
    await readLayout(directory, amd64);
    await expect(result()).rejects.toThrow(/index.json is not what was written for its image/);
  });
});

describe('layouts of other tools', () => {
  it('hold several platforms, also in nested indexes, and attestations', async () => {
    const arm64 = imageFor('linux/arm64');
    for (const each of [image, arm64]) await writeLayout(each, directory);
    const unknown = { platform: { os: 'unknown', architecture: 'unknown' } };
    const nested = put(
      {
        schemaVersion: 2,
        manifests: [
          {
            ...descriptorOf(arm64),
            platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
          },
          {
            ...descriptorOf(image),
            ...unknown,
            annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
          },
          { ...descriptorOf(image), ...unknown },
        ],
      },
      MEDIA_TYPES.dockerManifestList,
    );
    setIndex([nested, { ...descriptorOf(image), mediaType: 'application/x' }]);
    expect((await readLayout(directory, { platform: 'linux/arm64' })).digest).toBe(arm64.digest);
    await expect(readLayout(directory, amd64)).rejects.toThrow('no image for linux/amd64');
  });

  it('need not say for which platform a manifest is', async () => {
    const arm64 = imageFor('linux/arm64');
    for (const each of [image, arm64]) await writeLayout(each, directory);
    setIndex([descriptorOf(image), descriptorOf(arm64), descriptorOf(image)]);
    expect((await readLayout(directory, amd64)).digest).toBe(image.digest);
    expect((await readLayout(directory, { platform: 'linux/arm64' })).digest).toBe(arm64.digest);
  });

  it('may hold several images, then a name is needed', async () => {
    const other = image.configure({ Cmd: ['other'] });
    for (const each of [image, other]) await writeLayout(each, directory);
    const named = (each: Image, name: string) => ({
      ...descriptorOf(each),
      annotations: { 'org.opencontainers.image.ref.name': name },
    });
    setIndex([named(image, 'a'), named(other, 'b')]);
    await expect(readLayout(directory, amd64)).rejects.toThrow('2 images');
    expect((await readLayout(directory, { ...amd64, name: 'b' })).digest).toBe(other.digest);
  });

  it.each<[string, () => void, RegExp]>([
    ['no layout', () => rmSync(join(directory, 'oci-layout')), /not an OCI image layout/],
    [
      'another version',
      () => writeFileSync(join(directory, 'oci-layout'), '{"imageLayoutVersion":"2"}'),
      /1\.0\.0/,
    ],
    ['no index', () => rmSync(join(directory, 'index.json')), /not an OCI image layout/],
    ['an index that is not JSON', () => writeFileSync(join(directory, 'index.json'), '{'), /JSON/],
    [
      'a path as a digest',
      () => setIndex([{ ...descriptorOf(image), digest: 'sha256:../../index.json' }]),
      /no sha256/,
    ],
    [
      'a manifest that is missing',
      () => setIndex([{ ...descriptorOf(image), digest: digestOf('x') }]),
      /missing/,
    ],
    ['a wrong size', () => setIndex([{ ...descriptorOf(image), size: 1 }]), /other content/],
    [
      'a wrong platform',
      () =>
        setIndex([{ ...descriptorOf(image), platform: { os: 'linux', architecture: 'arm64' } }]),
      /for linux\/am/,
    ],
    ['indexes nested too deeply', () => setIndex([deep(6)]), /too deeply/],
    ...(['oci-layout', 'index.json'] as const).flatMap((name): [string, () => void, RegExp][] => [
      [`a FIFO as ${name}`, () => fifo(join(directory, name)), /is not a regular file/],
      [`a directory as ${name}`, () => folder(join(directory, name)), /is a directory/],
    ]),
    ...([fifo, folder] as const).map((become): [string, () => void, RegExp] => [
      `a manifest that is a ${become.name}`,
      () => {
        setIndex([descriptorOf(image)]); // without a platform, so that both look at the manifest
        become(blob(image.digest));
      },
      /is not a regular file|is a directory/,
    ]),
  ])('are refused: %s', async (_what, change, message) => {
    await writeLayout(image, directory);
    change();
    for (const platform of ['linux/arm64', 'linux/amd64'] as const) {
      const attempt = readLayout(directory, { platform });
      await expect(attempt).rejects.toMatchObject({ code: 'BASE_INVALID' });
      await attempt.catch((error: Error) => expect(error.message).toMatch(message));
    }
  });

  it('can be moved', async () => {
    await writeLayout(image, join(directory, 'a'));
    cpSync(join(directory, 'a'), join(directory, 'b'), { recursive: true });
    rmSync(join(directory, 'a'), { recursive: true });
    expect(await problemsIn(await readLayout(join(directory, 'b'), amd64))).toEqual([]);
  });
});

function fifo(path: string): void {
  rmSync(path);
  execFileSync('mkfifo', [path]);
}

function folder(path: string): void {
  rmSync(path);
  mkdirSync(path);
}

function deep(levels: number): unknown {
  let inner: unknown = descriptorOf(image);
  for (let level = 0; level < levels; level++)
    inner = put({ schemaVersion: 2, manifests: [inner] }, MEDIA_TYPES.index);
  return inner;
}

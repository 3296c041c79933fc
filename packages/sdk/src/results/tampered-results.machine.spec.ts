import {
  cpSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@nx-nixpack/base';
import { digestOf } from '@nx-nixpack/oci';
import type { ImageRecord } from '../records/records.js';
import { ResultsFixture } from './results-fixture.contract.js';
import { FILE_TAMPERINGS, FOLDER_TAMPERINGS } from '../../test-support/tampering.cjs';

jest.mock('../tasks/build/engines.js', () => ({
  engines: () => [
    jest.requireActual<typeof import('./results-fixture.contract.js')>(
      './results-fixture.contract.js',
    ).copyingEngine,
  ],
}));

/** Far more than any refusal takes, on any machine; a FIFO that is opened would wait for ever. */
const LIMIT_MS = 10_000;

let shop: ResultsFixture;
beforeAll(async () => {
  shop = await ResultsFixture.create();
  shop.write('web/index.html', '<h1>older</h1>\n');
  await shop.make('web');
  cpSync(shop.outputs('web'), shop.path('older'), { recursive: true });
  shop.write('web/index.html', '<h1>web</h1>\n');
  for (const name of ['docs', 'web', 'derived']) await shop.make(name);
  cpSync(shop.outputs('web'), shop.path('good'), { recursive: true });
});
afterAll(() => shop.remove());
beforeEach(() => {
  rmSync(shop.outputs('web'), { recursive: true });
  cpSync(shop.path('good'), shop.outputs('web'), { recursive: true });
});

/** The code of the refusal. */
async function outcome(work: Promise<unknown>): Promise<string> {
  const started = performance.now();
  const ended = await work.then(
    () => 'accepted',
    (error: unknown) => (error instanceof UserError ? error.code : `uncoded: ${String(error)}`),
  );
  return performance.now() - started < LIMIT_MS ? ended : `${ended}, too late`;
}

const FILES = [
  'plan/plan.json',
  'plan/publish.json',
  'plan/sbom-settings.json',
  'image/image.json',
  'image/seal',
  'image/oci/index.json',
  'image/oci/oci-layout',
  'manifest',
  'configuration',
  'layer',
  'sbom/sbom.json',
  'sbom/sbom.cdx.json',
  'sbom/seal',
];
const FOLDERS = ['plan', 'image', 'image/oci', 'image/oci/blobs', 'image/oci/blobs/sha256', 'sbom'];
const CONSUMERS: Readonly<Record<string, (name: string) => Promise<unknown>>> = {
  push: (name) => shop.push(name),
  sbom: (name) => shop.sbom(name),
  'build on its image': () => shop.build('derived'),
};

/** Where a kind of file lies below the outputs of a build. */
function locate(outputs: string, kind: string): string {
  const blobs = join(outputs, 'image/oci/blobs/sha256');
  if (kind.includes('/') || FOLDERS.includes(kind)) return join(outputs, kind);
  const image = JSON.parse(readFileSync(join(outputs, 'image/image.json'), 'utf8')) as ImageRecord;
  const layers = image.layers.map(({ digest }) => digest.slice('sha256:'.length));
  const manifest = image.digest.slice('sha256:'.length);
  const configuration = readdirSync(blobs).find((name) => ![manifest, ...layers].includes(name));
  const names: Record<string, string | undefined> = {
    manifest,
    configuration,
    layer: layers.at(-1),
  };
  return join(blobs, names[kind] ?? '');
}

const placeOf = (kind: string) => ({
  path: locate(shop.outputs('web'), kind),
  other: locate(shop.outputs('docs'), kind),
  older: locate(shop.path('older'), kind),
});

/** Swapping a file for an equal one tampers with nothing. */
function isSame({ path }: { path: string }, original: Buffer | undefined): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && original !== undefined && readFileSync(path).equals(original);
}

function cases(): [consumer: string, kind: string, tampering: string][] {
  const table: [string, string, string][] = [];
  const add = (consumer: string, kinds: readonly string[], tamperings: object) => {
    for (const kind of kinds)
      for (const tampering of Object.keys(tamperings)) table.push([consumer, kind, tampering]);
  };
  add('push', FILES, FILE_TAMPERINGS);
  add('push', FOLDERS, FOLDER_TAMPERINGS);
  for (const consumer of ['sbom', 'build on its image']) {
    add(consumer, ['plan/plan.json', 'image/image.json', 'manifest', 'layer'], FILE_TAMPERINGS);
    add(consumer, ['plan', 'image'], FOLDER_TAMPERINGS);
  }
  return table;
}

describe('results that were tampered with', () => {
  it('are those that are accepted otherwise', async () => {
    for (const consumer of Object.values(CONSUMERS))
      expect(await outcome(consumer('web'))).toBe('accepted');
  });

  it.each(cases())(
    '%s refuses: %s %s',
    async (consumer, kind, name) => {
      const place = placeOf(kind);
      const original = statSync(place.path).isFile() ? readFileSync(place.path) : undefined;
      (FILE_TAMPERINGS[name] ?? FOLDER_TAMPERINGS[name])?.(place);
      const wanted = isSame(place, original) ? 'accepted' : 'CACHE_RESULT_REJECTED';
      shop.registry.takeRequests();
      expect(await outcome(CONSUMERS[consumer]?.('web') ?? Promise.resolve())).toBe(wanted);
      // Refused before anything is sent.
      if (wanted !== 'accepted') expect(shop.registry.takeRequests()).toEqual([]);
    },
    LIMIT_MS * 2,
  );

  it.each(Object.keys(CONSUMERS))(
    '%s refuses a base that only the record has, and asks no registry for it',
    async (consumer) => {
      const ref = `${shop.registry.host}/others:1`;
      shop.forgeImage('web', { runBase: { ref, digest: digestOf('another') } });
      shop.loseStore();
      shop.registry.takeRequests();
      await expect(CONSUMERS[consumer]?.('web')).rejects.toMatchObject({
        code: 'CACHE_RESULT_REJECTED',
        message: expect.stringContaining('image.json: runBase'),
      });
      expect(shop.registry.takeRequests()).toEqual([]);
    },
  );

  it.each(Object.keys(CONSUMERS))('%s refuses a file in place of all', async (consumer) => {
    rmSync(shop.outputs('web'), { recursive: true });
    writeFileSync(shop.outputs('web'), '{}');
    expect(await outcome(CONSUMERS[consumer]?.('web') ?? Promise.resolve())).toBe(
      'CACHE_RESULT_REJECTED',
    );
  });

  it('are refused when everything is that of an older build, which belongs together', async () => {
    rmSync(shop.outputs('web'), { recursive: true });
    cpSync(shop.path('older'), shop.outputs('web'), { recursive: true });
    shop.registry.takeRequests();
    expect(await outcome(shop.push('web'))).toBe('SOURCE_CHANGED');
    expect(shop.registry.takeRequests()).toEqual([]);
  });

  it('are refused when an image was built on an older one of another component', async () => {
    cpSync(shop.outputs('derived'), shop.path('derived-good'), { recursive: true });
    shop.write('web/index.html', '<h1>newer</h1>\n');
    await shop.make('web');
    expect(await outcome(shop.push('derived'))).toBe('CACHE_RESULT_REJECTED');
    await shop.make('derived');
    expect(await outcome(shop.push('derived'))).toBe('accepted');
    shop.write('web/index.html', '<h1>web</h1>\n');
    rmSync(shop.outputs('derived'), { recursive: true });
    cpSync(shop.path('derived-good'), shop.outputs('derived'), { recursive: true });
  });

  it('are told by the file and the field that is wrong', async () => {
    const record = shop.outputs('web', 'image/image.json');
    const image = readFileSync(record, 'utf8');
    const refusal = async (text: string) => {
      writeFileSync(record, text);
      return shop.push('web').then(String, (error: Error) => error.message);
    };
    expect(await refusal(image.replace('"own"', '"x"'))).toContain(
      'image.json: layers[1].origin is not "base" or "own"',
    );
    expect(await refusal(image.replace('"provider"', '"extra": 1,\n  "provider"'))).toContain(
      'image.json is not a record of this version',
    );
    expect(await refusal('[]\n')).toContain('image.json: it is no object');
    expect(await refusal(`${'['.repeat(1e6)}${']'.repeat(1e6)}\n`)).toContain('image.json');
  });
});

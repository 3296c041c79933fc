import {
  cpSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { canonicalJson, UserError } from '@nx-nixpack/base';
import { digestOf, isDigest } from '@nx-nixpack/oci';
import { imageRecord } from '../records/image.js';
import { planRecord } from '../records/plan.js';
import { onlyPlatform } from '../records/platforms.js';
import { TaskFixture } from '../tasks/task-fixture.contract.js';
import { FILE_TAMPERINGS, FOLDER_TAMPERINGS } from '../../test-support/tampering.cjs';
import { writeSeal, type SealedKind } from './seal.js';
import { tamperedFields } from './tampered-fields.contract.js';
import {
  CONSUMERS,
  runTamperCases,
  type Consumer,
  type TamperCase,
} from './tamper-run.contract.js';

// Thousands of cases; a loaded machine takes its time.
jest.setTimeout(120_000);

let shop: TaskFixture;
const copies: TaskFixture[] = [];
beforeAll(async () => {
  shop = await TaskFixture.create();
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
const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'accepted',
    (error: unknown) => (error instanceof UserError ? error.code : `uncoded: ${String(error)}`),
  );

const FILES = [
  'plan/plan.json',
  'plan/publish.json',
  'plan/sbom-settings.json',
  'plan/smoke-settings.json',
  'plan/build-settings.json',
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
/** What the tasks read that come before the push. */
const EARLY_FILES = ['plan/plan.json', 'image/image.json', 'manifest', 'layer'];
/** The records that tasks read. */
const RECORDS = [
  'plan/plan.json',
  'plan/publish.json',
  'plan/sbom-settings.json',
  'plan/smoke-settings.json',
  'plan/build-settings.json',
  'image/image.json',
  'sbom/sbom.json',
];

/** Who reads an image. */
const READERS = ['push', 'sbom', 'build on its image'] as const;

/** Where a kind of file lies below the outputs of a build. */
function locate(outputs: string, kind: string): string {
  const blobs = join(outputs, 'image/oci/blobs/sha256');
  if (kind.includes('/') || FOLDERS.includes(kind)) return join(outputs, kind);
  const { record } = imageRecord.read(join(outputs, 'image/image.json'));
  const [, image] = onlyPlatform(record.platforms);
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

const placeOf = (of: TaskFixture, kind: string) => ({
  path: locate(of.outputs('web'), kind),
  other: locate(of.outputs('docs'), kind),
  older: locate(of.path('older'), kind),
});

/** Swapping a file for an equal one tampers with nothing. */
function isSame({ path }: { path: string }, original: Buffer | undefined): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && original !== undefined && readFileSync(path).equals(original);
}

const fileCase = (consumer: Consumer, kind: string, name: string): TamperCase => ({
  consumer,
  what: `${kind} ${name}`,
  tamper: (of) => {
    const place = placeOf(of, kind);
    const original = statSync(place.path).isFile() ? readFileSync(place.path) : undefined;
    (FILE_TAMPERINGS[name] ?? FOLDER_TAMPERINGS[name])?.(place);
    return isSame(place, original) ? 'same' : undefined;
  },
});

const fileCases = (consumer: Consumer, kinds: readonly string[], tamperings: object) =>
  kinds.flatMap((kind) => Object.keys(tamperings).map((name) => fileCase(consumer, kind, name)));

/** Every field of a record, changed by somebody who knows no more, or who knows how to bind what belongs to it again. */
function fieldCases(
  kind: string,
  readers: readonly Consumer[],
  rebind?: (path: string, bytes: Buffer) => void,
): TamperCase[] {
  const record = JSON.parse(readFileSync(join(shop.path('good'), kind), 'utf8')) as unknown;
  return tamperedFields(record).flatMap((tampered) =>
    readers.map((consumer) => ({
      consumer,
      what: `${kind} ${tampered.what}${rebind ? ', bound again' : ''}`,
      touches: [kind, ...BOUND],
      tamper: (of: TaskFixture) => {
        const path = of.outputs('web', kind);
        const bytes = Buffer.from(canonicalJson(tampered.record));
        writeFileSync(path, bytes);
        rebind?.(path, bytes);
        return undefined;
      },
    })),
  );
}

/** What is written when a record is bound to the others again. */
const BOUND = [
  'plan/publish.json',
  'plan/build-settings.json',
  'plan/sbom-settings.json',
  'plan/smoke-settings.json',
  'image/seal',
  'sbom/seal',
];

/** Anybody can do that who has no key, but is not asked for one. */
const sealAgain =
  (kind: SealedKind) =>
  (path: string, bytes: Buffer): void =>
    writeSeal(dirname(path), kind, bytes, {});

/** What plan-image would have written beside it. */
function planAgain(path: string, bytes: Buffer): void {
  for (const name of [
    'publish.json',
    'build-settings.json',
    'sbom-settings.json',
    'smoke-settings.json',
  ]) {
    const beside = join(dirname(path), name);
    const record = JSON.parse(readFileSync(beside, 'utf8')) as object;
    writeFileSync(beside, canonicalJson({ ...record, planDigest: digestOf(bytes) }));
  }
}

/** Runs cases, each of which must be refused before anything is sent; says how many there were. */
async function allRefused(cases: readonly TamperCase[], least: number): Promise<void> {
  shop.registry.takeRequests();
  const { refused, wrong } = await runTamperCases(shop, copies, cases);
  process.stdout.write(`${refused} refused, ${wrong.length} accepted\n`);
  expect(wrong).toEqual([]);
  expect(refused).toBeGreaterThan(least);
  expect(shop.registry.takeRequests()).toEqual([]);
}

describe('results that were tampered with', () => {
  it('are those that are accepted otherwise', async () => {
    for (const consumer of Object.values(CONSUMERS))
      expect(await outcome(consumer(shop))).toBe('accepted');
  });

  it('are refused by the push, whatever was done to a file or folder', () =>
    allRefused(
      [
        ...fileCases('push', FILES, FILE_TAMPERINGS),
        ...fileCases('push', FOLDERS, FOLDER_TAMPERINGS),
      ],
      180,
    ));

  it.each(['sbom', 'build on its image'] as const)(
    'are refused by %s, whatever was done to a file or folder',
    (consumer) =>
      allRefused(
        [
          ...fileCases(consumer, EARLY_FILES, FILE_TAMPERINGS),
          ...fileCases(consumer, ['plan', 'image'], FOLDER_TAMPERINGS),
        ],
        50,
      ),
  );

  it.each(RECORDS)('are refused, whatever was done to a field of %s', (kind) =>
    allRefused(fieldCases(kind, ['push']), 20),
  );

  it.each([
    ['image/image.json', ['push', 'build on its image'], sealAgain('image')],
    ['sbom/sbom.json', ['push'], sealAgain('sbom')],
  ] as const)(
    'are refused for every field of %s, also when it is sealed again',
    (kind, readers, rebind) => allRefused(fieldCases(kind, readers, rebind), 50),
  );

  it('are refused for every field of plan.json, also when what lies beside it is bound to it', () =>
    allRefused(fieldCases('plan/plan.json', ['push'], planAgain), 100));

  it.each(READERS)(
    '%s refuses a base that only the record has, and asks no registry for it',
    async (consumer) => {
      const ref = `${shop.registry.host}/others:1`;
      shop.forgeImage('web', { runBase: { ref, digest: digestOf('another') } });
      shop.loseStore();
      shop.registry.takeRequests();
      await expect(CONSUMERS[consumer](shop)).rejects.toMatchObject({
        code: 'CACHE_RESULT_REJECTED',
        message: expect.stringContaining('image.json: runBase'),
      });
      expect(shop.registry.takeRequests()).toEqual([]);
    },
  );

  it('are refused when the base of a layout is something else that lies in it', async () => {
    const [plan, image] = [
      shop.outputs('web', 'plan/plan.json'),
      shop.outputs('web', 'image/image.json'),
    ];
    const { record: was } = planRecord.read(plan);
    const { record: made } = imageRecord.read(image);
    const [platform, planned] = onlyPlatform(was.platforms);
    const { reference: ref = '', digest: own } = planned.bases.build ?? {};
    const blobs = shop.path(ref.slice('oci:'.length), 'blobs/sha256');
    const digests = readdirSync(blobs).map((name) => `sha256:${name}`);
    const others = digests.filter(isDigest).filter((digest) => digest !== own);
    for (const digest of others) {
      const bases = { build: { reference: ref, digest } };
      const bytes = planRecord.write(plan, {
        ...was,
        platforms: { [platform]: { ...planned, bases } },
      });
      planAgain(plan, bytes);
      const of = { ...onlyPlatform(made.platforms)[1], base: { ref, digest } };
      const forged = { ...made, planDigest: digestOf(bytes), platforms: { [platform]: of } };
      sealAgain('image')(image, imageRecord.write(image, forged));
      expect([digest, await outcome(shop.sbom('web'))]).toEqual([digest, 'CACHE_RESULT_REJECTED']);
    }
    expect(others).toHaveLength(2);
  });

  it.each(READERS)('%s refuses a file in place of all', async (consumer) => {
    rmSync(shop.outputs('web'), { recursive: true });
    writeFileSync(shop.outputs('web'), '{}');
    expect(await outcome(CONSUMERS[consumer](shop))).toBe('CACHE_RESULT_REJECTED');
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
      'platforms.linux/amd64.layers[1].origin',
    );
    expect(await refusal(image.replace('"planDigest"', '"extra": 1,\n  "planDigest"'))).toContain(
      'image.json: Unknown key "extra"',
    );
    expect(await refusal('[]\n')).toContain('image.json: the record is not an object');
    expect(await refusal(`${'['.repeat(1e6)}${']'.repeat(1e6)}\n`)).toContain('image.json');
  });
});

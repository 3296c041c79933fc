import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { FORMATS, type SbomFormat } from '@nx-nixpack/sbom';
import { digestOf } from '@nx-nixpack/oci';
import { onlyPlatform } from '../../records/platforms.js';
import { sbomRecord } from '../../records/sbom.js';
import { TaskFixture } from '../task-fixture.contract.js';
import { describeSbom } from './describe.js';

let shop: TaskFixture;
beforeEach(async () => (shop = await TaskFixture.create()));
afterEach(() => shop.remove());

/** A format that writes little, and may find it wrong. */
const format = (name: string, problem?: string): SbomFormat => ({
  name,
  fileName: `sbom.${name}`,
  mediaType: 'application/json',
  write: () => Buffer.from('{}\n'),
  check: () =>
    problem === undefined ? [] : [{ code: 'SBOM_INVALID', message: problem, hint: 'Report it.' }],
});
const RIGHT = format('cyclonedx-json');
const WRONG = format('spdx-json', 'There is no end of it.');

const both = async (require: boolean): Promise<void> => {
  shop.describe(`, sbom: { require: ${require}, formats: [cyclonedx-json, spdx-json] }`);
  await shop.plan('web');
  await shop.build('web');
};

describe('writeSbom', () => {
  it('leaves the documents that are asked for, and a record that tells them', async () => {
    const { record: image } = await shop.make('web');
    const written = await shop.sbom('web');
    const { record } = sbomRecord.read(shop.outputs('web', 'sbom/sbom.json'));
    expect(record).toEqual(written.record);
    expect(record).toMatchObject({ imageDigest: image.digest, planDigest: image.planDigest });
    const [, { documents, missing }] = onlyPlatform(record.platforms);
    const bytes = readFileSync(shop.outputs('web', 'sbom/sbom.cdx.json'));
    expect(documents).toEqual([
      { format: 'cyclonedx-json', path: 'sbom.cdx.json', digest: digestOf(bytes) },
    ]);
    expect(missing).toEqual([]);
    expect(describeSbom(written)).toMatch(/^0 packages \(.*\)\n {2}sbom.cdx.json {2}sha256:/);
  });

  it('writes every format that there is', async () => {
    const formats = FORMATS.map(({ name }) => name);
    shop.describe(`, sbom: { require: true, formats: [${formats.join(', ')}] }`);
    await shop.make('web');
    const files = FORMATS.map(({ fileName }) => fileName);
    expect(readdirSync(shop.outputs('web', 'sbom')).sort()).toEqual(
      [...files, 'sbom.json', 'seal'].sort(),
    );
    await shop.push('web');
  });

  it('writes one format when the other cannot be, and says so, unless both are required', async () => {
    await both(false);
    const { record } = await shop.sbom('web', { writers: [RIGHT, WRONG] });
    const [, { documents, missing }] = onlyPlatform(record.platforms);
    expect([documents.map((one) => one.format), missing]).toEqual([
      ['cyclonedx-json'],
      ['spdx-json'],
    ]);
    expect(shop.warnings.join()).toContain('There is no end of it.');
    await both(true);
    await expect(shop.sbom('web', { writers: [RIGHT, WRONG] })).rejects.toMatchObject({
      code: 'SBOM_INVALID',
    });
  });

  it('leaves the record alone when no document can be written and none is required', async () => {
    shop.describe(', sbom: { formats: [spdx-json] }');
    await shop.plan('web');
    await shop.build('web');
    await shop.sbom('web', { writers: [WRONG] });
    expect(readdirSync(shop.outputs('web', 'sbom')).sort()).toEqual(['sbom.json', 'seal']);
    await shop.push('web');
    shop.describe(', sbom: { require: true, formats: [spdx-json] }');
    await shop.plan('web');
    await shop.build('web');
    await expect(shop.push('web')).rejects.toMatchObject({ code: 'CACHE_RESULT_REJECTED' });
  });

  it('never takes a format that nobody writes for one that went wrong', async () => {
    await both(false);
    await expect(shop.sbom('web', { writers: [RIGHT] })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
    });
    expect(existsSync(shop.outputs('web', 'sbom'))).toBe(false);
  });

  it('refuses an image of another plan, and leaves nothing', async () => {
    await shop.plan('web');
    await shop.build('web');
    shop.write('web/index.html', '<h1>newer</h1>\n');
    await shop.plan('web');
    await expect(shop.sbom('web')).rejects.toMatchObject({
      code: 'CACHE_RESULT_REJECTED',
      message: expect.stringContaining('image.json: planDigest'),
    });
    expect(existsSync(shop.outputs('web', 'sbom'))).toBe(false);
  });

  it('leaves no SBOM of an image that was replaced meanwhile', async () => {
    await shop.plan('web');
    await shop.build('web');
    const slow: SbomFormat = {
      ...RIGHT,
      write: (graph) => {
        shop.forgeImage('web', { provider: 'another' });
        return RIGHT.write(graph);
      },
    };
    await expect(shop.sbom('web', { writers: [slow] })).rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
    });
    expect(existsSync(shop.outputs('web', 'sbom'))).toBe(false);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson, inWorkspace } from '@nx-nixpack/base';
import { digestOf } from '@nx-nixpack/oci';
import { tamperedFields } from '../results/tampered-fields.contract.js';
import { buildSettings, type BuildSettingsRecord } from './build-settings.js';
import type { RecordCodec } from './codec.js';
import { imageRecord, type ImageRecord } from './image.js';
import { planRecord, type PlanRecord } from './plan.js';
import { publishRecord, type PublishRecord } from './publish.js';
import { pushRecord, type PushRecord } from './push.js';
import { sbomRecord, type SbomRecord } from './sbom.js';
import { sbomSettings, type SbomSettingsRecord } from './sbom-settings.js';
import { smokeSettings, type SmokeSettingsRecord } from './smoke-settings.js';

const DIGEST = digestOf('something');
const NAMES = { deployment: 'shop', component: 'web' };

const plan: PlanRecord = {
  ...NAMES,
  source: {
    directory: inWorkspace`web`,
    workspace: 'auto',
    include: ['LICENSE'],
    digest: DIGEST,
    members: [{ directory: inWorkspace`libs/a`, name: '@shop/a' }],
    edges: [{ from: 'web', to: 'libs/a', why: 'web/main.js' }],
  },
  secrets: { TOKEN: 'NPM_TOKEN' },
  platforms: {
    'linux/amd64': {
      providers: ['node'],
      plan: {
        providers: [],
        buildImage: 'r.example.com/base:1',
        variables: { CI: 'true' },
        staticAssets: { 'a.conf': 'x' },
        phases: { install: { name: 'install', cmds: ['npm ci'], dependsOn: ['setup'] } },
        start: { cmd: 'node main.js', onlyIncludeFiles: ['.'] },
      },
      hints: { installInputs: ['package.json'], ports: [3000] },
      bases: { build: { reference: 'r.example.com/base:1', digest: DIGEST } },
      guesses: ['one of several'],
      settings: {
        toolchain: 'base',
        user: '1:1',
        env: { A: 'b' },
        buildEnv: {},
        secrets: [{ name: 'TOKEN', as: 'file', phases: ['install'] }],
        network: { build: false },
        devDependencies: { drop: true, reason: 'there is a run image', members: ['libs/b'] },
        ports: [80],
        labels: { a: 'b' },
        sourceDirectory: 'web',
        created: 0,
        cacheScope: 'shop/web',
      },
    },
  },
};
const publish: PublishRecord = {
  ...NAMES,
  planDigest: DIGEST,
  publish: true,
  registry: 'r.example.com',
  name: 'shop/web',
  tags: ['v1'],
  defaultTag: false,
  annotations: { commit: '{{ git.sha }}' },
  defaultTarget: 'dev',
  targets: { dev: { replicas: 1, list: [null, 1.5, { deep: true }] } },
};
const image: ImageRecord = {
  ...NAMES,
  planDigest: DIGEST,
  sourceDigest: DIGEST,
  digest: DIGEST,
  platforms: {
    'linux/amd64': {
      provider: 'node',
      digest: DIGEST,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      size: 7,
      base: { ref: 'r.example.com/base:1', digest: DIGEST },
      runBase: { ref: 'r.example.com/run:1', digest: DIGEST },
      layers: [
        { digest: DIGEST, diffId: DIGEST, size: 1, mediaType: 'a', origin: 'own', name: 'b' },
      ],
    },
  },
};
const documents = [{ format: 'cyclonedx-json', path: 'sbom.cdx.json', digest: DIGEST }];
const sbom: SbomRecord = {
  ...NAMES,
  planDigest: DIGEST,
  imageDigest: DIGEST,
  platforms: { 'linux/amd64': { imageDigest: DIGEST, documents, missing: ['spdx-json'] } },
};
const push: PushRecord = {
  ...NAMES,
  target: 'dev',
  reference: `r.example.com/shop/web@${DIGEST}`,
  registry: 'r.example.com',
  repository: 'shop/web',
  digest: DIGEST,
  tags: ['v1'],
  annotations: { commit: '0' },
};
const build: BuildSettingsRecord = { planDigest: DIGEST, engine: 'auto' };
const settings: SbomSettingsRecord = { planDigest: DIGEST, formats: ['a'], require: true };
const smoke: SmokeSettingsRecord = {
  planDigest: DIGEST,
  mode: 'auto',
  http: '/up',
  env: { A: 'b' },
};

type Row = readonly [name: string, codec: RecordCodec<object>, record: object];
const RECORDS = [
  ['plan.json', planRecord, plan],
  ['publish.json', publishRecord, publish],
  ['build-settings.json', buildSettings, build],
  ['sbom-settings.json', sbomSettings, settings],
  ['smoke-settings.json', smokeSettings, smoke],
  ['image.json', imageRecord, image],
  ['sbom.json', sbomRecord, sbom],
  ['dev.json', pushRecord, push],
] as unknown as readonly Row[];

describe('the codecs of records', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'records-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  const refusal = (codec: RecordCodec<object>, path: string): unknown => {
    try {
      return codec.read(path).record;
    } catch (error) {
      return error;
    }
  };

  it.each(RECORDS)('read what they wrote: %s', (name, codec, record) => {
    const bytes = codec.write(join(root, name), record);
    expect(codec.read(join(root, name))).toEqual({ record, bytes, digest: digestOf(bytes) });
    expect(codec.encode(record)).toEqual(bytes);
  });

  it.each(RECORDS)(
    'refuse what is not a record of theirs, and say where: %s',
    (name, codec, record) => {
      const path = join(root, name);
      codec.write(path, record);
      const right = readFileSync(path, 'utf8');
      const wrong = [
        right.slice(0, -1),
        right.slice(0, right.length / 2),
        `${right}\n`,
        `\ufeff${right}`,
        right.replace('{', '{ '),
        right.replace('"compatVersion": 1', '"compatVersion": 2'),
        right.replace('"compatVersion": 1', '"compatVersion": "1"'),
        right.replace(/ {2}"schemaVersion": \d+,?\n/, ''),
        right.replace(/"schemaVersion": \d+/, '"schemaVersion": 99'),
        '',
        'null\n',
        '[]\n',
        `${'['.repeat(1e6)}${']'.repeat(1e6)}\n`,
        canonicalJson({ ...(JSON.parse(right) as object), constructor: 1 }),
      ];
      for (const text of wrong) {
        writeFileSync(path, text);
        expect(refusal(codec, path)).toMatchObject({
          code: 'CACHE_RESULT_REJECTED',
          message: expect.stringContaining(name),
        });
      }
      for (const [, , other] of RECORDS.filter(([one]) => one !== name)) {
        writeFileSync(path, canonicalJson({ compatVersion: 1, schemaVersion: 2, ...other }));
        expect(refusal(codec, path)).toMatchObject({ code: 'CACHE_RESULT_REJECTED' });
      }
    },
  );

  it.each(['../web', '/web', './web', 'libs/../web'])('name no source like %s', (directory) => {
    const path = join(root, 'plan.json');
    const source = { ...plan.source, directory };
    writeFileSync(path, canonicalJson({ compatVersion: 1, schemaVersion: 2, ...plan, source }));
    expect(refusal(planRecord, path)).toMatchObject({
      code: 'CACHE_RESULT_REJECTED',
      message: expect.stringContaining('source.directory is not a path of the workspace'),
    });
  });

  it.each(RECORDS)('read nothing else from any tampered record: %s', (name, codec, record) => {
    const path = join(root, name);
    for (const { what, record: tampered } of tamperedFields(record)) {
      const text = canonicalJson({ compatVersion: 1, schemaVersion: 2, ...(tampered as object) });
      writeFileSync(path, text);
      const read = refusal(codec, path);
      // What has the right form is read as it is, to the last byte; whoever knows what it should say compares it.
      if (read instanceof Error)
        expect([what, read]).toEqual([
          what,
          expect.objectContaining({ code: 'CACHE_RESULT_REJECTED' }),
        ]);
      else expect([what, codec.encode(read as object).toString()]).toEqual([what, text]);
    }
  });

  it('name the field that is wrong', () => {
    const path = join(root, 'image.json');
    const [layer] = image.platforms['linux/amd64']?.layers ?? [];
    const tampered = JSON.parse(JSON.stringify(image).replace('"own"', '"mine"')) as ImageRecord;
    imageRecord.write(path, tampered);
    expect(layer?.origin).toBe('own');
    expect(() => imageRecord.read(path)).toThrow(
      /image\.json: .*platforms\.linux\/amd64\.layers\[0\]\.origin/,
    );
    writeFileSync(
      path,
      imageRecord
        .encode(image)
        .toString()
        .replace(/"compatVersion": 1/, '"compatVersion": 7'),
    );
    expect(() => imageRecord.read(path)).toThrow(/image\.json: compatVersion is not 1/);
  });
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { UserError } from '@nx-nixpack/base';
import { Store } from '@nx-nixpack/oci';
import { imageRecord } from '../../records/image.js';
import { onlyPlatform } from '../../records/platforms.js';
import { TaskFixture } from '../task-fixture.contract.js';
import { copyingEngine } from './copying-engine.contract.js';
import { describeBuild } from './describe.js';

let shop: TaskFixture;
beforeEach(async () => (shop = await TaskFixture.create()));
afterEach(() => shop.remove());

const failing = (error: Error) =>
  copyingEngine({
    meanwhile: () => {
      throw error;
    },
  });
/** What the store remembers of the base that `web` was built on. */
function forgeBase(facts: object): void {
  const { record } = imageRecord.read(shop.outputs('web', 'image/image.json'));
  const base = onlyPlatform(record.platforms)[1].base?.digest.slice('sha256:'.length) ?? '';
  Store.open(shop.path('store')).writeRecord('base-facts', base, facts);
}

const commandFailed = new UserError({ code: 'COMMAND_FAILED', message: 'No', hint: 'Do.' });

describe('buildImage', () => {
  it('leaves the image, its record and its seal, and says the digest last', async () => {
    await shop.plan('web');
    const built = await shop.build('web');
    expect(readdirSync(shop.outputs('web', 'image')).sort()).toEqual(['image.json', 'oci', 'seal']);
    const { record } = imageRecord.read(shop.outputs('web', 'image/image.json'));
    expect(record).toEqual(built.record);
    const [platform, image] = onlyPlatform(record.platforms);
    expect([platform, image.provider]).toEqual(['linux/amd64', 'staticfile']);
    expect(image.layers.map(({ origin, name }) => name ?? origin)).toEqual(['base', 'application']);
    const lines = describeBuild(built).split('\n');
    expect(lines[0]).toMatch(/^built shop\/web in .* 1 steps, 0 from the store$/);
    expect(lines.at(-1)).toBe(record.digest);
  });

  it('gives the same image with the same plan, on a machine that never built', async () => {
    await shop.plan('web');
    const { record } = await shop.build('web');
    shop.loseStore();
    expect((await shop.build('web')).record).toEqual(record);
  });

  it('builds on the image of another component as it is now', async () => {
    await shop.make('web');
    const { record } = await shop.make('derived');
    const [, image] = onlyPlatform(record.platforms);
    expect(image.layers.map(({ origin }) => origin)).toEqual(['base', 'base', 'own']);
    shop.write('web/index.html', '<h1>newer</h1>\n');
    await shop.make('web');
    expect((await shop.make('derived')).record.digest).not.toBe(record.digest);
  });

  it('refuses a plan of another source, of another file and none at all, naming the file', async () => {
    await expect(shop.build('web')).rejects.toMatchObject({
      code: 'CACHE_RESULT_REJECTED',
      message: expect.stringContaining('plan'),
    });
    await shop.plan('web');
    shop.write('web/index.html', '<h1>newer</h1>\n');
    await expect(shop.build('web')).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
    await shop.plan('web');
    shop.describe(', user: "1:1"');
    await expect(shop.build('web')).rejects.toMatchObject({
      code: 'CACHE_RESULT_REJECTED',
      message: expect.stringContaining('plan.json: platforms.linux/amd64.settings.user is not'),
    });
    expect(existsSync(shop.outputs('web', 'image'))).toBe(false);
  });

  it.each([
    ['a secret', ', secrets: { TOKEN: { env: OTHER } }', 'secrets'],
    ['a variable of the network', ', network: { build: false }', 'settings.network'],
  ])('refuses a plan that was made for another %s', async (_what, settings, field) => {
    await shop.plan('web');
    shop.describe(settings);
    await expect(shop.build('web')).rejects.toMatchObject({
      code: 'CACHE_RESULT_REJECTED',
      message: expect.stringContaining(field),
    });
  });

  it('refuses a plan that was made for another base', async () => {
    await shop.plan('web');
    const file = shop.path('deployments/shop.yaml');
    const text = readFileSync(file, 'utf8');
    const [used = ''] = /oci:[^"]+/.exec(text) ?? [];
    const other = readdirSync(shop.path('.bases')).find((name) => !used.endsWith(name)) ?? '';
    shop.write('deployments/shop.yaml', text.replaceAll(used, `oci:.bases/${other}`));
    await expect(shop.build('web')).rejects.toMatchObject({
      code: 'CACHE_RESULT_REJECTED',
      message: expect.stringContaining('plan.json: platforms.linux/amd64.bases.build is not'),
    });
  });

  it('asks for all secrets that are not set, before the engine is asked', async () => {
    shop.describe(', secrets: { A: { env: VALUE_OF_A }, B: { env: VALUE_OF_B } }');
    await shop.plan('web');
    const engine = copyingEngine();
    shop.engines = [engine];
    const refused = await shop.build('web').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UserError);
    expect((refused as UserError).problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('VALUE_OF_A'),
      expect.stringContaining('VALUE_OF_B'),
    ]);
    expect(engine.requests).toEqual([]);
  });

  it('gives secrets to the engine and to no record', async () => {
    shop.describe(', secrets: { TOKEN: { env: VALUE } }');
    await shop.plan('web');
    const engine = copyingEngine();
    shop.engines = [engine];
    shop.environment = { VALUE: 'a very secret value' };
    await shop.build('web');
    const given = engine.requests[0]?.secrets.get('TOKEN') ?? new Uint8Array();
    expect(Buffer.from(given).toString()).toBe('a very secret value');
    for (const file of ['plan/plan.json', 'image/image.json'])
      expect(readFileSync(shop.outputs('web', file), 'utf8')).not.toContain('secret value');
  });

  it('takes the engine that the deployment file names, from the record of the plan', async () => {
    await shop.plan('web');
    const engines = ['other', 'embedded'].map((name) => copyingEngine({ name }));
    shop.engines = engines;
    const used = async () => {
      const before = engines.map(({ requests }) => requests.length);
      await shop.build('web');
      return engines
        .filter(({ requests }, at) => requests.length > (before[at] ?? 0))
        .map(({ name }) => name);
    };
    expect(await used()).toEqual(['other']);
    const key = readFileSync(shop.outputs('web', 'plan/plan.json'), 'utf8');
    shop.describe(', engine: embedded');
    await expect(shop.build('web')).rejects.toMatchObject({
      code: 'CACHE_RESULT_REJECTED',
      message: expect.stringContaining('build-settings.json: '),
    });
    await shop.plan('web');
    expect(await used()).toEqual(['embedded']);
    // Every engine gives the same image, so its name is not part of the cache key.
    expect(readFileSync(shop.outputs('web', 'plan/plan.json'), 'utf8')).toBe(key);
  });

  it('says why no engine can run', async () => {
    await shop.plan('web');
    const readiness = { ready: false, reason: 'no kernel', hint: 'Get one.' } as const;
    shop.engines = [copyingEngine({ readiness })];
    await expect(shop.build('web')).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringContaining('no kernel'),
    });
  });

  it('says where the file asks for what cannot be had', async () => {
    const file = 'deployments/shop.yaml';
    const web = { file, line: 5, column: 7 };
    shop.describe(', secrets: { TOKEN: { env: VALUE } }');
    await shop.plan('web');
    await expect(shop.build('web')).rejects.toMatchObject({ code: 'SECRET_MISSING', at: web });
    const readiness = { ready: false, reason: 'no kernel', hint: 'Get one.' } as const;
    const engines = [copyingEngine({ readiness })];
    await expect(shop.build('web', { engines })).rejects.toMatchObject({ at: web });
    shop.environment = { VALUE: 'a secret' };
    await shop.build('web');
    forgeBase({ hasBash: false, passwd: '', group: '', programs: null });
    await expect(shop.build('web')).rejects.toMatchObject({ code: 'BASE_INVALID', at: web });
  });

  it('leaves what was there when the engine fails', async () => {
    const { record } = await shop.make('web');
    shop.write('web/index.html', '<h1>newer</h1>\n');
    await shop.plan('web');
    shop.engines = [failing(commandFailed)];
    await expect(shop.build('web')).rejects.toMatchObject({ code: 'COMMAND_FAILED' });
    expect(imageRecord.read(shop.outputs('web', 'image/image.json')).record).toEqual(record);
    expect(readdirSync(shop.outputs('web')).sort()).toEqual(['image', 'plan', 'sbom']);
  });

  it('builds once more when the store was damaged, and not for ever', async () => {
    await shop.plan('web');
    const damaged = new UserError({ code: 'STORE_CORRUPT', message: 'A blob', hint: 'Again.' });
    let left = 1;
    const meanwhile = () => {
      if (left-- > 0) throw damaged;
    };
    shop.engines = [copyingEngine({ meanwhile })];
    await shop.build('web');
    expect(shop.warnings.join()).toContain('it is made again');
    left = 2;
    await expect(shop.build('web')).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });

  it('leaves nothing when the registry of the base does not answer', async () => {
    await shop.plan('split');
    shop.loseStore();
    const gone = { status: 404, headers: {}, body: Buffer.alloc(0) };
    shop.registry.addFault({ times: 100, action: { kind: 'reply', reply: gone } });
    const refused = await shop.build('split').catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: expect.stringMatching(/^REGISTRY_/) });
    expect(readdirSync(shop.outputs('split'))).toEqual(['plan']);
  });

  it('compares what the plan runs with what the base has, before the engine is asked', async () => {
    await shop.plan('web');
    await shop.build('web');
    forgeBase({ hasBash: true, passwd: '', group: '', programs: { node: '22.1.0' } });
    const engine = copyingEngine();
    await expect(shop.build('web', { engines: [engine] })).rejects.toMatchObject({
      code: 'BASE_UNFIT',
      message: 'The build_image has no nginx; it has node 22.1.0',
    });
    expect(engine.requests).toEqual([]);
  });

  it('believes what the store remembers of a base, and nothing of it with verify', async () => {
    await shop.plan('web');
    const { record } = await shop.build('web');
    forgeBase({ hasBash: false, passwd: '', group: '', programs: null });
    await expect(shop.build('web')).rejects.toMatchObject({ code: 'BASE_INVALID' });
    const engine = copyingEngine();
    const verified = await shop.build('web', { verify: true, engines: [engine] });
    expect(verified.record).toEqual(record);
    expect(engine.requests[0]?.verify).toBe(true);
  });
});

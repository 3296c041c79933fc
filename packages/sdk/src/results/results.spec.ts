import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { promisify } from 'node:util';
import { onlyPlatform } from '../records/platforms.js';
import { describePush } from '../tasks/push/describe.js';
import { describeBuild } from '../tasks/build/describe.js';
import { copyingEngine } from '../tasks/build/copying-engine.contract.js';
import { TaskFixture } from '../tasks/task-fixture.contract.js';

const run = promisify(execFile);
const REJECTED = { code: 'CACHE_RESULT_REJECTED' };

let shop: TaskFixture;
beforeEach(async () => (shop = await TaskFixture.create()));
afterEach(() => shop.remove());

describe('what a task leaves', () => {
  it('is what is pushed, by the name and digest that build-image printed', async () => {
    const built = await shop.make('web');
    const pushed = await shop.push('web');
    expect(describeBuild(built).split('\n').at(-1)).toBe(built.record.digest);
    expect(describePush(pushed).split('\n').at(-1)).toBe(built.record.digest);
    expect(describeBuild(built)).toContain('built shop/web in');
    expect(describePush(pushed)).toContain(`pushed shop/web as ${shop.registry.host}/shop/web@`);
    expect(readdirSync(shop.outputs('web')).sort()).toEqual(['image', 'plan', 'push', 'sbom']);
    expect(readdirSync(shop.outputs('web', 'push'))).toEqual(['default.json']);
  });

  it('does not replace what belongs to a newer plan', async () => {
    await shop.plan('web');
    const meanwhile = async () => {
      shop.write('web/index.html', '<h1>newer</h1>\n');
      await shop.make('web');
    };
    const engines = [copyingEngine({ meanwhile })];
    await expect(shop.build('web', { engines })).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
    const image = readFileSync(shop.outputs('web', 'image/image.json'), 'utf8');
    expect(image).toContain((await shop.push('web')).record.digest);
    expect(readdirSync(shop.outputs('web')).sort()).toEqual(['image', 'plan', 'push', 'sbom']);
  });

  it('is nothing when the build was told to stop, however late', async () => {
    await shop.plan('web');
    const abort = new AbortController();
    const engines = [copyingEngine({ meanwhile: () => abort.abort() })];
    const build = shop.build('web', { engines, signal: abort.signal });
    await expect(build).rejects.toMatchObject({ code: 'ENGINE_ABORTED' });
    expect(readdirSync(shop.outputs('web'))).toEqual(['plan']);
  });

  it('stays the same folder when it is made again', async () => {
    await shop.make('web');
    const times = async () =>
      (await run('find', [shop.outputs('web'), '-printf', '%p %i %T@\n'])).stdout
        .split('\n')
        .filter((line) => line.includes('/web/'))
        .sort();
    const before = await times();
    await shop.make('web');
    expect(await times()).toEqual(before);
  });

  it('brings the layers of the base that it runs on to a machine that lacks them', async () => {
    const { record } = await shop.make('split');
    const [, image] = onlyPlatform(record.platforms);
    expect(image.runBase?.digest).not.toBe(image.base?.digest);
    shop.loseStore();
    await shop.sbom('split');
    expect((await shop.push('split')).record.digest).toBe(record.digest);
  });

  it('asks no registry that only the record names', async () => {
    const { record } = await shop.make('split');
    const [, image] = onlyPlatform(record.platforms);
    const { ref, digest } = image.runBase ?? { ref: '', digest: record.digest };
    shop.forgeImage('split', { runBase: { ref: ref.replace('/bases@', '/others@'), digest } });
    shop.loseStore();
    shop.registry.takeRequests();
    await expect(shop.push('split')).rejects.toMatchObject(REJECTED);
    expect(shop.registry.takeRequests()).toEqual([]);
  });

  it.each(['constructor', '__proto__', 'toString'])(
    'goes to no target that the deployment lacks: %s',
    async (target) => {
      await shop.make('web');
      const refused = { code: 'CONFIG_UNKNOWN_TARGET' };
      await expect(shop.push('web', { target })).rejects.toMatchObject(refused);
      expect(existsSync(shop.outputs('web', 'push'))).toBe(false);
    },
  );

  it('is refused before there is a plan, and without an SBOM that is asked for', async () => {
    await expect(shop.build('web')).rejects.toMatchObject(REJECTED);
    await shop.plan('web');
    await shop.build('web');
    await expect(shop.push('web')).rejects.toMatchObject(REJECTED);
    shop.describe(', sbom: { formats: [] }');
    await shop.plan('web');
    await shop.push('web');
  });
});

describe('signed results', () => {
  const KEY = 'the key that trusted builds have, only they';
  const trusted = () => {
    shop.environment = { NX_NIXPACK_RESULT_KEY: KEY };
    shop.requireSigned = true;
  };

  it('are accepted by those who require them, and others are refused', async () => {
    trusted();
    await shop.make('web');
    await shop.make('derived');
    await shop.push('derived');
    const record = readFileSync(shop.outputs('web', 'image/image.json'));
    for (const environment of [{}, { NX_NIXPACK_RESULT_KEY: `${KEY}, or others` }]) {
      Object.assign(shop, { environment, requireSigned: false });
      rmSync(shop.outputs('web', 'image'), { recursive: true });
      await shop.make('web');
      // The key is not part of the image or its record, which is a cache key.
      expect(readFileSync(shop.outputs('web', 'image/image.json'))).toEqual(record);
      trusted();
      await expect(shop.push('web')).rejects.toMatchObject(REJECTED);
      await expect(shop.sbom('web')).rejects.toMatchObject(REJECTED);
      await expect(shop.build('derived')).rejects.toMatchObject(REJECTED);
    }
    await shop.build('web');
    await expect(shop.push('web')).rejects.toThrow(/sbom\/seal/);
    await shop.sbom('web');
    await shop.push('web');
  });

  it('need the key where they are required', async () => {
    await shop.make('web');
    shop.requireSigned = true;
    await expect(shop.push('web')).rejects.toMatchObject({ code: 'CONFIG_INVALID_VALUE' });
  });

  it('keep the key from builds, tags and records', async () => {
    trusted();
    shop.describe(', secrets: { KEY: { env: NX_NIXPACK_RESULT_KEY } }');
    await shop.plan('web');
    await expect(shop.build('web')).rejects.toMatchObject({ code: 'SECRET_MISSING' });
    shop.describe();
    await shop.make('web');
    await shop.push('web');
    const found = await run('grep', ['-rl', KEY, shop.root]).catch(
      ({ stdout }: Error & { stdout: string }) => ({ stdout }),
    );
    expect(found.stdout).toBe('');
    expect(existsSync(shop.outputs('web', 'image/seal'))).toBe(true);
  });
});

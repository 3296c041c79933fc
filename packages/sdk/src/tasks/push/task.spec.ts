import { existsSync } from 'node:fs';
import { pushRecord } from '../../records/push.js';
import { TaskFixture } from '../task-fixture.contract.js';
import { describePush } from './describe.js';

let shop: TaskFixture;
beforeEach(async () => (shop = await TaskFixture.create()));
afterEach(() => shop.remove());

const pushes = () => shop.registry.takeRequests().filter((line) => /^(PUT|POST|PATCH)/.test(line));

describe('pushImage', () => {
  it('pushes what was built, leaves the reference, and says the digest last', async () => {
    const { record: image } = await shop.make('web');
    const pushed = await shop.push('web');
    const { record } = pushRecord.read(shop.outputs('web', 'push/default.json'));
    expect(record).toEqual(pushed.record);
    expect(record).toMatchObject({
      reference: `${shop.registry.host}/shop/web@${image.digest}`,
      digest: image.digest,
      tags: ['v1'],
    });
    expect(describePush(pushed).split('\n').at(-1)).toBe(image.digest);
    shop.registry.takeRequests();
    const again = await shop.push('web');
    expect(again.report?.uploaded).toEqual([]);
    expect(pushes()).toEqual([]);
  });

  it('uploads no layer of a base that lies in the same registry', async () => {
    const { record } = await shop.make('split');
    const { report } = await shop.push('split');
    const layers = Object.values(record.platforms)[0]?.layers ?? [];
    const base = layers.filter(({ origin }) => origin === 'base').map(({ digest }) => digest);
    expect(base).toHaveLength(1);
    expect(report?.mounted).toEqual(base);
  });

  it('sends nothing in a dry run, and nothing when nothing is to be published', async () => {
    await shop.make('web');
    shop.registry.takeRequests();
    const dry = await shop.push('web', { dryRun: true });
    expect(describePush(dry)).toMatch(/^not pushed: .*\/shop\/web@sha256:\w+ v1\n/);
    shop.describe(', publish: false');
    await shop.make('web');
    expect(describePush(await shop.push('web'))).toMatch(/^not pushed: publish is false\n/);
    expect(pushes()).toEqual([]);
    expect(existsSync(shop.outputs('web', 'push'))).toBe(false);
  });

  it('leaves no record of a push that the registry refused', async () => {
    await shop.make('web');
    const denied = { status: 403, headers: {}, body: Buffer.alloc(0) };
    shop.registry.addFault({
      method: 'PUT',
      path: /manifests/,
      times: 100,
      action: { kind: 'reply', reply: denied },
    });
    await expect(shop.push('web')).rejects.toMatchObject({
      code: expect.stringMatching(/^REGISTRY_/),
    });
    expect(existsSync(shop.outputs('web', 'push'))).toBe(false);
  });

  it('refuses a source that is not the one that was built', async () => {
    await shop.make('web');
    shop.write('web/index.html', '<h1>newer</h1>\n');
    shop.registry.takeRequests();
    await expect(shop.push('web')).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
    expect(shop.registry.takeRequests()).toEqual([]);
  });

  it('goes to no target that the deployment lacks', async () => {
    await shop.make('web');
    await expect(shop.push('web', { target: 'prod' })).rejects.toMatchObject({
      code: 'CONFIG_UNKNOWN_TARGET',
    });
  });
});

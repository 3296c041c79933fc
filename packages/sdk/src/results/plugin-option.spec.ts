import { readFileSync } from 'node:fs';
import { TaskFixture } from '../tasks/task-fixture.contract.js';

const FILE = 'deployments/shop.yaml';

/** Tasks after planning, as the plugin calls them: with what the deployment file and its own options come to. */
const TASKS = {
  build: (shop: TaskFixture, described: ReturnType<TaskFixture['described']>) =>
    shop.build('web', { described }),
  sbom: (shop: TaskFixture, described: ReturnType<TaskFixture['described']>) =>
    shop.sbom('web', { described }),
  push: (shop: TaskFixture, described: ReturnType<TaskFixture['described']>) =>
    shop.push('web', { described }),
} as const;

describe('a toolchain that the deployment file leaves to the plugin', () => {
  let shop: TaskFixture;
  beforeAll(async () => {
    shop = await TaskFixture.create();
    shop.write(FILE, readFileSync(shop.path(FILE), 'utf8').replaceAll('toolchain: base, ', ''));
    const described = shop.described('web', 'base');
    await shop.plan('web', described);
    for (const task of Object.values(TASKS)) await task(shop, described);
  });
  afterAll(() => shop.remove());

  it.each(Object.entries(TASKS))(
    'is what the plan was made with, or %s refuses the plan',
    async (_name, task) => {
      shop.registry.takeRequests();
      await expect(task(shop, shop.described('web', 'debian'))).rejects.toMatchObject({
        code: 'CACHE_RESULT_REJECTED',
        message: expect.stringContaining('settings.toolchain'),
      });
      expect(shop.registry.takeRequests()).toEqual([]);
      await expect(task(shop, shop.described('web', 'base'))).resolves.toBeDefined();
    },
  );
});

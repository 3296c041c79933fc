import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { TaskFixture } from '../tasks/task-fixture.contract.js';

const run = promisify(execFile);

const MOMENTS = 40;

let shop: TaskFixture;
beforeEach(async () => (shop = await TaskFixture.create()));
afterEach(() => shop.remove());

describe('what a task leaves', () => {
  // Each push meets one replacement, which ends: one that goes on for ever would win against a slow machine.
  it('can be read while it is put there again, as Nx does, at any moment', async () => {
    await shop.make('web');
    const image = shop.outputs('web', 'image');
    cpSync(image, shop.path('kept'), { recursive: true });
    const { digest } = (await shop.push('web')).record;
    const script = 'rm -rf "$1"; cp -r "$2" "$1"';
    const restore = () => run('bash', ['-c', script, 'restore', image, shop.path('kept')]);
    const started = performance.now();
    await restore();
    const duration = performance.now() - started;
    for (let moment = 0; moment < MOMENTS; moment++) {
      const restored = restore();
      await pause((duration * moment) / MOMENTS);
      expect((await shop.push('web')).record.digest).toBe(digest);
      await restored;
    }
  });
});

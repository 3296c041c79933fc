import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import { promisify } from 'node:util';
import { TaskFixture } from '../tasks/task-fixture.contract.js';

const run = promisify(execFile);

let shop: TaskFixture;
beforeEach(async () => (shop = await TaskFixture.create()));
afterEach(() => shop.remove());

describe('what a task leaves', () => {
  it('can be read while it is put there again and again, as Nx does', async () => {
    await shop.make('web');
    const image = shop.outputs('web', 'image');
    cpSync(image, shop.path('kept'), { recursive: true });
    const script = 'for i in $(seq 40); do rm -rf "$1"; cp -r "$2" "$1"; sleep 0.01; done';
    const restoring = run('bash', ['-c', script, 'restore', image, shop.path('kept')]);
    let ended = false;
    void restoring.finally(() => (ended = true));
    const { digest } = (await shop.push('web')).record;
    for (let push = 0; push < 5 || !ended; push++)
      expect((await shop.push('web')).record.digest).toBe(digest);
    await restoring;
  });
});

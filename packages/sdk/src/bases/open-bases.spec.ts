import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { digestOf, Store } from '@nx-nixpack/oci';
import { onlyPlatform } from '../records/platforms.js';
import type { BasePin } from '../records/plan.js';
import { readPlanned, type Planned } from '../results/read-planned.js';
import { TaskFixture } from '../tasks/task-fixture.contract.js';
import { openBases, publicName } from './open-bases.js';

const OTHER = digestOf('another');

describe('openBases', () => {
  let shop: TaskFixture;
  let planned: Planned;
  beforeEach(async () => {
    shop = await TaskFixture.create();
    await shop.plan('web');
    await shop.build('web');
    await shop.plan('derived');
    planned = await readPlanned(shop.request('derived'));
  });
  afterEach(() => shop.remove());

  const open = (bases: Partial<Record<'build' | 'run', BasePin>> = {}) => {
    const [platform, plan] = onlyPlatform(planned.plan.platforms);
    const platforms = { [platform]: { ...plan, bases: { ...plan.bases, ...bases } } };
    const changed = { ...planned, plan: { ...planned.plan, platforms } };
    return openBases(changed, { ...shop.request('derived'), platform });
  };
  const component = (): BasePin =>
    onlyPlatform(planned.plan.platforms)[1].bases.build ?? { reference: 'none' };

  /** How many files of the workspace this process holds open. */
  const held = () =>
    readdirSync('/proc/self/fd').filter((fd) => linkOf(fd).startsWith(shop.root)).length;

  it('leaves to the caller what it opened', async () => {
    const { build, run } = await open({ run: component() });
    const both = held();
    build.close();
    expect(held()).toBeLessThan(both);
    expect(held()).toBeGreaterThan(0);
    run?.close();
    expect(held()).toBe(0);
  });

  it('lets the base that is built on go when the other cannot be opened', async () => {
    await expect(open({ run: { reference: 'oci:missing', digest: OTHER } })).rejects.toThrow();
    expect(held()).toBe(0);
  });

  it('lets a base go that is not the planned one', async () => {
    const refused = open({ build: { ...component(), digest: OTHER } });
    await expect(refused).rejects.toMatchObject({ code: 'BASE_INVALID' });
    expect(held()).toBe(0);
  });

  it('opens a base anew that was damaged in the store, and lets go what it had opened', async () => {
    const { build } = await open();
    const files = held();
    build.close();
    const own = build.image.layers.at(-1)?.digest ?? OTHER;
    writeFileSync(shop.path('store/blobs/sha256', own.slice('sha256:'.length)), 'damaged');
    const again = await openBases(planned, {
      ...shop.request('derived'),
      platform: 'linux/amd64',
      verify: true,
    });
    expect(again.build.image.digest).toBe(build.image.digest);
    expect(Store.open(shop.path('store')).has(own)).toBe(false);
    expect(held()).toBe(files);
    again.build.close();
    expect(held()).toBe(0);
  });
});

/** One that was closed in the meantime, such as that of the listing itself, leads nowhere. */
function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}

it.each<[string, BasePin]>([
  ['of a registry', { reference: 'debian:12' }],
  ['of a host that begins like this machine', { reference: 'localhost.example.com/base:1' }],
])('is public when it is the image %s', (_what, pin) => {
  expect(publicName(pin)).toEqual({ publicName: pin.reference });
});

it.each<[string, BasePin]>([
  ['of a registry on this machine', { reference: '127.0.0.1:5000/base:1' }],
  ['of a name of this machine', { reference: 'registry.localhost:5000/base:1' }],
  ['of a layout', { reference: 'oci:base' }],
  ['of another component', { reference: '{{ nixpack.web.ref }}', component: 'web' }],
])('has no public name when it is the image %s', (_what, pin) => {
  expect(publicName(pin)).toEqual({});
});

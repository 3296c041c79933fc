import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anonymous, digestOf, Image, packLayer, Store } from '@nx-nixpack/oci';
import { openBases } from './open-bases.js';
import type { Planned } from '../results/read-planned.js';
import type { BasePin } from '../records/plan.js';

const mockOpen = jest.fn<Promise<{ image: Image; close: () => void }>, []>();
jest.mock('../results/open-built-image.js', () => ({ openComponentImage: () => mockOpen() }));

const COMPONENT: BasePin = { reference: '{{ nixpack.web.ref }}', component: 'web' };
const OTHER = digestOf('another');

describe('openBases', () => {
  let root: string;
  let store: Store;
  let image: Image;
  const close = jest.fn();
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'bases-'));
    store = Store.open(join(root, 'store'));
    image = Image.scratch('linux/amd64').append(await packLayer([], store, { mtime: 0 }));
    mockOpen.mockReset().mockImplementation(() => Promise.resolve({ image, close }));
    close.mockReset();
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const open = (build: BasePin, run?: BasePin) =>
    openBases(
      {
        plan: { platforms: { 'linux/amd64': { bases: { build, ...(run ? { run } : {}) } } } },
      } as unknown as Planned,
      {
        workspaceRoot: root,
        storeDirectory: store.directory,
        platform: 'linux/amd64',
        access: {
          transport: { request: () => Promise.reject(new Error()) },
          credentials: anonymous,
        },
      },
    );

  it('leaves to the caller what it opened', async () => {
    const { build, run } = await open(COMPONENT, COMPONENT);
    expect(close).not.toHaveBeenCalled();
    build.close();
    run?.close();
    expect(close).toHaveBeenCalledTimes(2);
  });

  it('lets the base that is built on go when the other cannot be opened', async () => {
    await expect(open(COMPONENT, { reference: 'oci:missing', digest: OTHER })).rejects.toThrow();
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('lets a base go that is not the planned one', async () => {
    const refused = open({ ...COMPONENT, digest: OTHER });
    await expect(refused).rejects.toMatchObject({ code: 'BASE_INVALID' });
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('lets a base go as often as it is opened anew because it is damaged', async () => {
    mockOpen.mockImplementation(() => {
      const [layer] = image.layers;
      const name = layer?.digest.slice('sha256:'.length) ?? '';
      writeFileSync(join(store.directory, 'blobs/sha256', name), 'damaged');
      return Promise.resolve({ image, close });
    });
    await expect(open(COMPONENT)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    expect(mockOpen.mock.calls.length).toBeGreaterThan(1);
    expect(close).toHaveBeenCalledTimes(mockOpen.mock.calls.length);
  });
});

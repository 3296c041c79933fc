import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { silent } from '@nx-nixpack/base';
import { anonymous, Image, writeLayout } from '@nx-nixpack/oci';
import { loopbackTransport } from '@nx-nixpack/testing';
import { readWorkspace } from '../workspace/index.js';
import { chooseComponents } from './choose-components.js';
import { lockComponents } from './lock-components.js';

const ID = 'debian:bash@5.2-1:amd64';
const entry = {
  'linux/amd64': {
    ...{ request: `sha256:${'0'.repeat(64)}`, release: 'trixie' },
    ...{ run: [ID], build: [], runtimes: [] },
  },
};
/** What was locked when all was well. */
const LOCK = {
  version: 1,
  images: { 'registry.example.com/node:22': { 'linux/amd64': `sha256:${'1'.repeat(64)}` } },
  toolchains: Object.fromEntries(
    ['good', 'bad', 'empty', 'gone'].map((name) => [`shop/nixpack/${name}`, entry]),
  ),
  archives: { [ID]: { integrity: `sha256-${'A'.repeat(43)}=`, size: 1, path: 'bash.deb' } },
};

const component = (name: string) =>
  `      ${name}: { vars: { source: ./${name}, image: { registry: registry.example.com, name: ${name} } }, settings: { nixpack: { toolchain: base, build_image: oci:.bases/tiny } } }\n`;

describe('lockComponents', () => {
  const root = mkdtempSync(join(tmpdir(), 'lock-components-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const describeAs = (...names: string[]) =>
    write(
      'deployments/shop.yaml',
      `deployment:\n  name: shop\n  components:\n    nixpack:\n${names.map(component).join('')}`,
    );
  beforeAll(async () => {
    write('nixpack.lock.json', JSON.stringify(LOCK));
    write('good/Staticfile', 'root: .');
    write('empty/notes.txt', 'no program');
    await writeLayout(Image.scratch('linux/amd64'), join(root, '.bases/tiny'));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  async function lock(only?: string) {
    const choice = chooseComponents(readWorkspace(root), only);
    const { text, problems } = await lockComponents({
      ...{ workspaceRoot: root, ...choice, update: false, progress: silent },
      access: { transport: loopbackTransport(), credentials: anonymous },
      storeDirectory: join(root, 'store'),
      channels: () => {
        throw new Error('nothing is resolved here');
      },
    });
    const { toolchains, images } = JSON.parse(text) as typeof LOCK;
    return {
      codes: [...choice.problems, ...problems].map(({ code }) => code),
      locked: Object.keys(toolchains).map((name) => name.split('/').at(-1)),
      images: Object.keys(images),
    };
  }

  it('drops what nobody has any more when all is well', async () => {
    describeAs('good');
    expect(await lock()).toEqual({ codes: [], locked: [], images: [] });
  });

  it('locks what is sound, and keeps what the lock had of the rest', async () => {
    describeAs('good', 'bad', 'empty');
    const { codes, locked, images } = await lock();
    expect(codes).toEqual(['SOURCE_MISSING', 'PLAN_NOTHING_DETECTED']);
    expect(locked).toEqual(['bad', 'empty', 'gone']);
    expect(images).toEqual(['registry.example.com/node:22']);
  });

  it('locks one alone, whatever is wrong with the others', async () => {
    describeAs('good', 'bad');
    const { codes, locked } = await lock('shop/nixpack/good');
    expect({ codes, locked }).toEqual({ codes: [], locked: ['bad', 'empty', 'gone'] });
  });

  it.each([
    ['shop/nixpack/bad', 'SOURCE_MISSING'],
    ['shop/nixpack/goo', 'CONFIG_UNKNOWN_COMPONENT'],
  ])('fails for %s', async (name, code) => {
    describeAs('good', 'bad');
    await expect(lock(name)).rejects.toMatchObject({ code });
  });

  it('fails for every component of a file that cannot be read', async () => {
    write('deployments/shop.yaml', 'deployment: [');
    const { codes, locked } = await lock();
    expect({ codes, locked }).toEqual({
      codes: ['CONFIG_SYNTAX'],
      locked: ['bad', 'empty', 'gone', 'good'],
    });
  });
});

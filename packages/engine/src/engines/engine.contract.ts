import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytes, type ByteString, type FileTree, readFileBytes, silent } from '@nx-nixpack/base';
import { openImageTree, Store, type Image, type ImageTree, type Layer } from '@nx-nixpack/oci';
import { dir, file } from '../../../oci/src/layer/hostile/tar-maker.contract.js';
import { problemsIn } from '../../../oci/src/validate.contract.js';
import { tarGz } from '../archives/archive-maker.contract.js';
import type { LayerName, Recipe, Step } from '../recipe/recipe.js';
import type { BuildOutcome, BuildRequest, Engine } from './engine.js';
import { copy, ENV, recipe, requestFor, run, stage } from './requests.contract.js';

export interface EngineFixture {
  readonly engine: Engine;
  /** A directory of this machine as a file tree. */
  readonly tree: (directory: string) => FileTree;
  /** An image with /srv/data/deep/a, /srv/data/gone and what the commands need. */
  readonly base: (store: Store) => Promise<Image>;
}

/** The commands of the contract. An engine that has no shell plays them. */
export const COMMANDS = {
  install: 'cat lib/a.txt > installed',
  build: 'bash run.sh > out; stat -c "%a %u" run.sh lib main.txt > modes',
  edit: 'rm /srv/data/gone; mkdir -p /tmp/x /var/log; echo v > /tmp/x/v; echo v > /var/log/dpkg.log',
  count: 'echo x >> /root/.cache/tool/runs; wc -l < /root/.cache/tool/runs > count',
  countAgain: 'echo x >> /root/.cache/tool/runs; wc -l < /root/.cache/tool/runs > count; :',
  secret: 'cat /run/secrets/TOKEN; echo; wc -c < /run/secrets/TOKEN > size',
  variable: 'echo "$TOKEN"; printf %s "$TOKEN" | wc -c > size',
  after: 'echo "${TOKEN-none}" > after',
  fail: 'for i in {1..30}; do echo line $i; done; printf "\\033[31mred\\n" >&2; exit 3',
  missing: 'nosuchprogram --build',
  wait: 'echo started; sleep 60',
  members:
    'mkdir -p node_modules/x libs/l/node_modules/y libs/l/src dev; echo x > node_modules/x/i; echo y > libs/l/node_modules/y/i; ' +
    'echo s > libs/l/src/s; echo d > dev/d; ln -s ../libs/l node_modules/l; echo m > main',
  touch: 'echo x > y',
  lent: 'cat /run/archives/one.txt > lent; ls /run/archives > names; echo x 2>/dev/null > /run/archives/one.txt || echo kept >> lent',
  bare: 'ls -d /run/archives 2>/dev/null > names || echo none > names',
} as const;

/** What every engine promises, whatever runs its commands. */
export function itKeepsTheEngineContract(fixture: () => EngineFixture): void {
  let directory: string;
  let base: Image;
  const opened: ImageTree[] = [];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'engine-contract-'));
    mkdirSync(join(directory, 'source/lib'), { recursive: true });
    writeFileSync(join(directory, 'source/lib/a.txt'), 'a\n');
    writeFileSync(join(directory, 'source/main.txt'), 'main\n');
    writeFileSync(join(directory, 'source/run.sh'), 'echo ran\n');
    chmodSync(join(directory, 'source/run.sh'), 0o775);
    base = await fixture().base(Store.open(join(directory, 'bases')));
  });
  afterAll(() => {
    for (const tree of opened) tree.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const build = (what: Recipe, more: Partial<BuildRequest> = {}): Promise<BuildOutcome> =>
    fixture().engine.build({
      ...requestFor(what),
      source: fixture().tree(join(directory, 'source')),
      bases: { build: base },
      storeDirectory: join(directory, 'store'),
      ...more,
    });
  const buildSteps = (steps: readonly Step[], more: Partial<BuildRequest> = {}) =>
    build(recipe([stage(steps)]), more);

  async function rootOf(layers: readonly Layer[]): Promise<ImageTree> {
    const tree = await openImageTree(layers, join(directory, 'scratch'));
    opened.push(tree);
    return tree;
  }
  async function textIn(image: Image, path: string): Promise<string> {
    return readFileBytes(await rootOf(image.layers), path as ByteString).toString('utf8');
  }
  const own = ({ layers }: Image): Layer[] => layers.filter(({ origin }) => origin === 'own');

  const everything = recipe([
    stage([
      { kind: 'directory', layer: 'toolchain', path: '/app', mode: 0o755 },
      { ...MADE, layer: 'toolchain' },
      copy(['lib'], 'dependencies'),
      run(COMMANDS.install, { layer: 'dependencies', phase: 'install' }),
      copy(['.']),
      run(COMMANDS.build),
      run(COMMANDS.edit),
    ]),
  ]);

  it('is ready here', async () => {
    expect(await fixture().engine.probe()).toEqual({ ready: true });
  });

  it('makes a valid image, and the same one from another store', async () => {
    const { image } = await build(everything);
    const other = await build(everything, { storeDirectory: join(directory, 'other') });
    expect(await problemsIn(image)).toEqual([]);
    expect(other.image.digest).toBe(image.digest);
    const names = own(image).map(({ name }) => name);
    expect(names).toEqual(['toolchain', 'dependencies', 'application']);
    expect(image.config.Cmd).toEqual(['true']);
    expect(other.steps.every(({ cached }) => !cached)).toBe(true);
  });

  it('brings contents, modes and owners of all steps into the image', async () => {
    const { image } = await build(everything);
    expect(await textIn(image, 'app/installed')).toBe('a\n');
    expect(await textIn(image, 'app/out')).toBe('ran\n');
    expect(await textIn(image, 'app/modes')).toBe('755 0\n755 0\n644 0\n');
    const root = await rootOf(image.layers);
    expect(root.entry(bytes`app/lib/a.txt`)).toMatchObject({ uid: 65532, gid: 65532, mode: 0o644 });
    expect(root.entry(bytes`etc/made`)).toMatchObject({ uid: 0, gid: 0, mode: 0o640 });
  });

  it('unpacks archives by itself, and does so again only for another archive', async () => {
    const store = Store.open(join(directory, 'archives'));
    const bytesOf = tarGz(dir('package'), file('package/bin/x', 'x\n', { mode: 0o700, uid: 7 }));
    const { digest } = await store.writeBlob([bytesOf]);
    const unpack = (id: string, integrity: string): Promise<BuildOutcome> => {
      const step = {
        kind: 'unpack',
        layer: 'toolchain',
        format: 'tar.gz',
        from: 'package',
      } as const;
      const links = { '/usr/bin/x': '../../opt/x/bin/x' };
      const archives = new Map([[id, digest]]);
      return buildSteps([{ ...step, archives: [{ id, integrity }], to: '/opt/x', links }], {
        archives,
        storeDirectory: store.directory,
      });
    };
    const { image, steps } = await unpack('npm:x@1', 'sha512-one');
    expect(await problemsIn(image)).toEqual([]);
    const root = await rootOf(image.layers);
    expect(root.entry(bytes`opt/x/bin/x`)).toMatchObject({ mode: 0o755, uid: 0, gid: 0 });
    expect(root.entry(bytes`usr/bin/x`)).toMatchObject({ type: 'symlink' });
    expect(await textIn(image, 'opt/x/bin/x')).toBe('x\n');
    expect(steps.map(({ cached }) => cached)).toEqual([false]);
    const [moved] = (await unpack('mirror:x@1', 'sha512-one')).steps;
    const [other] = (await unpack('npm:x@1', 'sha512-two')).steps;
    expect([moved?.cached, other?.cached]).toEqual([true, false]);
  });

  it('lends archives to the commands that name them, which cannot change them', async () => {
    const store = Store.open(join(directory, 'archives'));
    const { digest } = await store.writeBlob([Buffer.from('one\n')]);
    const archives = new Map([['debian:one@1', digest]]);
    const lent = [{ id: 'debian:one@1', integrity: 'sha256-one', file: 'one.txt' }];
    const { image } = await buildSteps([run(COMMANDS.lent, { archives: lent })], {
      archives,
      storeDirectory: store.directory,
    });
    expect(await textIn(image, 'app/lent')).toBe('one\nkept\n');
    expect(await textIn(image, 'app/names')).toBe('one.txt\n');
    expect(await store.check(digest)).toBe(true);
    const bare = await buildSteps([run(COMMANDS.bare)]);
    expect(await textIn(bare.image, 'app/names')).toBe('none\n');
  });

  it('removes what a command removed, and leaves out what is volatile', async () => {
    const { image } = await build(everything);
    const root = await rootOf(image.layers);
    expect(root.entry(bytes`srv/data/deep/a`)).toBeDefined();
    expect(root.entry(bytes`srv/data/gone`)).toBeUndefined();
    const added = await rootOf(own(image));
    expect(added.entry(bytes`tmp/x`)).toBeUndefined();
    expect(added.entry(bytes`var/log/dpkg.log`)).toBeUndefined();
  });

  it('runs nothing that is in the store already, and after an edit only what reads it', async () => {
    const runs = (outcome: BuildOutcome): boolean[] => outcome.steps.map(({ cached }) => cached);
    const source = join(directory, 'edited');
    cpSync(join(directory, 'source'), source, { recursive: true });
    const again = () => build(everything, { source: fixture().tree(source) });
    const first = await again();
    expect(runs(await again())).toEqual(runs(first).map(() => true));
    writeFileSync(join(source, 'main.txt'), 'edited\n');
    const edited = await again();
    expect(runs(edited)).toEqual([true, true, true, true, false, false, false]);
    const digests = ({ image }: BuildOutcome) => image.layers.map(({ digest }) => digest);
    expect(digests(edited).slice(0, -1)).toEqual(digests(first).slice(0, -1));
    expect(edited.image.digest).not.toBe(first.image.digest);
  });

  it('keeps caches between builds and out of the image', async () => {
    const caches = [{ target: '/root/.cache/tool', id: 'contract:tool' }];
    await buildSteps([run(COMMANDS.count, { caches })]);
    const { image } = await buildSteps([run(COMMANDS.countAgain, { caches })]);
    expect(await textIn(image, 'app/count')).toBe('2\n');
    expect((await rootOf(own(image))).entry(bytes`root/.cache`)).toBeUndefined();
  });

  it.each([
    ['a file', run(COMMANDS.secret, { secrets: ['TOKEN'] })],
    [
      'a variable',
      run(COMMANDS.variable, { secretVariables: ['TOKEN'], env: { ...ENV, TOKEN: 'of the plan' } }),
    ],
  ])('lends a secret as %s, to the step that asks, and shows it nowhere', async (_way, step) => {
    const lines: string[] = [];
    const { image } = await buildSteps([step, run(COMMANDS.after)], {
      secrets: new Map([['TOKEN', Buffer.from('canary-5d1f')]]),
      progress: { ...silent, output: (line) => void lines.push(line) },
    });
    expect((await textIn(image, 'app/size')).trim()).toBe('11');
    expect(await textIn(image, 'app/after')).toBe('none\n');
    expect(lines).toEqual(['***']);
    expect((await rootOf(own(image))).entry(bytes`run/secrets`)).toBeUndefined();
  });

  it('says which secret cannot be a variable', async () => {
    const secrets = new Map([['TOKEN', Buffer.of(65, 0, 66)]]);
    const building = buildSteps([run('true', { secretVariables: ['TOKEN'] })], { secrets });
    await expect(building).rejects.toMatchObject({ code: 'CONFIG_INVALID_VALUE' });
  });

  it('says which command failed, how, and what it printed last', async () => {
    const failing = () => buildSteps([run(COMMANDS.fail)]);
    await expect(failing()).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      message: expect.stringMatching(/phase build failed with exit code 3: [\s\S]*line 30/),
    });
    const error = await failing().catch((caught: Error) => caught);
    expect(String(error)).not.toMatch(/line 5\n|\u001b/);
  });

  it('names what the plan expected when a program is missing', async () => {
    const missing = recipe([stage([run(COMMANDS.missing)])], { expected: ['nodejs_22'] });
    await expect(build(missing)).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      hint: expect.stringMatching(/"nosuchprogram".*nodejs_22/),
    });
    const brought = { ...missing, bringsMissing: 'Ask for it.' };
    await expect(build(brought)).rejects.toMatchObject({
      hint: '"nosuchprogram" is not in the image. Ask for it.',
    });
  });

  it('stops when it is told to', async () => {
    const abort = new AbortController();
    const progress = { ...silent, output: () => abort.abort() };
    const stopped = buildSteps([run(COMMANDS.wait)], { progress, signal: abort.signal });
    await expect(stopped).rejects.toMatchObject({ code: 'ENGINE_ABORTED' });
  });

  it('copies between stages what was asked for and nothing else', async () => {
    const from = (paths: string[], except: string[], layer: LayerName): Step => ({
      kind: 'copy',
      layer,
      from: 'build',
      paths,
      except,
      to: '/',
    });
    const copies = [
      from(['app/**/node_modules'], ['app/dev'], 'dependencies'),
      from(['app', 'absent'], ['**/node_modules', 'app/dev'], 'application'),
    ];
    const { image } = await build(
      recipe([
        { name: 'build', base: { image: 'build' }, steps: [run(COMMANDS.members)] },
        { ...stage(copies), base: { image: 'build' } },
      ]),
    );
    const [dependencies, application] = await Promise.all(
      own(image).map(async (layer) => filesIn(await rootOf([layer]), 'app')),
    );
    expect(dependencies).toEqual([
      'app/libs/l/node_modules/y/i',
      'app/node_modules/l',
      'app/node_modules/x/i',
    ]);
    expect(application).toEqual(['app/libs/l/src/s', 'app/main']);
  });

  it('gives the directories of the base that must be writable to the run user', async () => {
    const ownership = { uid: 65532, gid: 65532, paths: ['/app', '/srv/data'] };
    const { image } = await build(recipe([stage([run(COMMANDS.touch)])], { ownership }));
    const root = await rootOf(image.layers);
    expect(root.entry(bytes`srv/data/deep/a`)).toMatchObject({ uid: 65532, gid: 65532 });
    expect(root.entry(bytes`srv`)).toMatchObject({ uid: 0, gid: 0 });
  });
}

const MADE = {
  kind: 'write',
  path: '/etc/made',
  content: Buffer.from('made\n'),
  mode: 0o640,
} as const;

/** Everything but directories, in walk order. */
const filesIn = (tree: FileTree, directory: string): string[] =>
  [...tree.list(directory as ByteString)].flatMap(({ path, type }) =>
    type === 'directory' ? filesIn(tree, path) : path,
  );

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  bytes,
  type ByteString,
  compareBytes,
  readFileBytes,
  UserError,
  walk,
  inWorkspace,
} from '@nx-nixpack/base';
import { sourceContext, type SourceContext, type SourceContextOptions } from './source-context.js';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'source-context-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

type Files = Readonly<Record<string, string | object>>;

function put(files: Files, below = root): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(below, path)), { recursive: true });
    writeFileSync(
      join(below, path),
      typeof content === 'string' ? content : JSON.stringify(content, null, 2),
    );
  }
}

const context = (source: string, options: Partial<SourceContextOptions> = {}): SourceContext =>
  sourceContext({
    workspaceRoot: root,
    source: inWorkspace`${source}`,
    workspace: 'auto',
    include: [],
    ...options,
  });
const pathsOf = ({ tree }: SourceContext): readonly string[] =>
  [...walk(tree)]
    .flatMap(({ path, type }) => (type === 'directory' ? [] : [path]))
    .sort(compareBytes);
const textOf = ({ tree }: SourceContext, path: string): string =>
  readFileBytes(tree, path as ByteString).toString();
const errorOf = (work: () => unknown): UserError => {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};
const places = ({ problems }: UserError): readonly string[] =>
  problems.map(({ at }) => `${at?.file}:${at?.line}:${at?.column}`);
const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
  } catch (error) {
    return error instanceof UserError ? error.code : String(error);
  }
  return undefined;
};

describe('a source that stands alone', () => {
  it('lies at the root, less the fixed list and what git and .dockerignore leave out', () => {
    put({
      '.gitignore': '*.log\n/services/api/gen/*\n!/services/api/gen/keep\n',
      'services/.gitignore': 'tmp/\n',
      'services/api/.gitignore': '!important.log\nsecret.txt\n',
      'services/api/.dockerignore': 'docs\n!docs/README.md\n**/*.md\n!docs/README.md\n',
      ...Object.fromEntries(
        [
          ...[
            'main.py',
            'a.log',
            'important.log',
            'gen/out',
            'gen/keep',
            'tmp/x',
            'secret.txt',
            'notes.md',
          ],
          ...[
            'docs/a.txt',
            'docs/README.md',
            '.env',
            '.env.local',
            '.env.example',
            '.env.sample',
            '.envrc',
          ],
          ...[
            'node_modules/x/index.js',
            '.venv/x',
            'lib/__pycache__/m.pyc',
            '.git/HEAD',
            '.hg/x',
            '.svn/x',
            '.nx/x',
          ],
        ].map((path) => [`services/api/${path}`, path]),
      ),
      'services/other/main.py': '',
    });
    const found = context('services/api');
    expect(pathsOf(found)).toEqual([
      '.dockerignore',
      '.env.example',
      '.env.sample',
      '.envrc',
      '.gitignore',
      'docs/README.md',
      'gen/keep',
      'important.log',
      'main.py',
    ]);
    expect([found.sourceDirectory, found.closure, found.problems]).toEqual(['', undefined, []]);
    expect(found.planTree.read('main.py')).toBe('main.py');
    expect(found.planTree.name).toBe('api');
  });

  it('keeps modes as 644 and 755, directories only with contents, ids as 0', () => {
    put({ 'app/run.sh': '', 'app/data.txt': '' });
    chmodSync(join(root, 'app/run.sh'), 0o700);
    chmodSync(join(root, 'app/data.txt'), 0o664);
    mkdirSync(join(root, 'app/empty'));
    mkdirSync(join(root, 'app/full'), { mode: 0o700 });
    put({ 'app/full/x': '' });
    const entries = [...walk(context('app').tree)].map(({ path, mode, uid, gid }) => [
      path,
      mode,
      uid,
      gid,
    ]);
    expect(entries).toEqual([
      ['data.txt', 0o644, 0, 0],
      ['full', 0o755, 0, 0],
      ['full/x', 0o644, 0, 0],
      ['run.sh', 0o755, 0, 0],
    ]);
  });

  it('depends on names, contents, the executable bit and link targets, not on time or place', () => {
    put({ 'app/a': 'text', 'app/b': '' });
    symlinkSync('a', join(root, 'app/link'));
    const before = context('app').digest;
    utimesSync(join(root, 'app/a'), 1, 1);
    chmodSync(join(root, 'app/a'), 0o600);
    expect(context('app').digest).toBe(before);
    const elsewhere = mkdtempSync(join(tmpdir(), 'source-context-'));
    put({ 'app/a': 'text', 'app/b': '' }, elsewhere);
    symlinkSync('a', join(elsewhere, 'app/link'));
    expect(context('app', { workspaceRoot: elsewhere }).digest).toBe(before);
    rmSync(elsewhere, { recursive: true });
    const digests = new Set([before]);
    const changes = [
      () => writeFileSync(join(root, 'app/a'), 'tExt'),
      () => chmodSync(join(root, 'app/b'), 0o755),
      () => rmSync(join(root, 'app/link')),
      () => symlinkSync('b', join(root, 'app/link')),
      () => put({ 'app/new': '' }),
    ];
    for (const change of changes) {
      change();
      digests.add(context('app').digest);
    }
    expect(digests.size).toBe(6);
  });

  it('keeps links as links and names that are not UTF-8 byte for byte', () => {
    put({ 'app/x': '' });
    symlinkSync('/etc/shadow', join(root, 'app/outside'));
    writeFileSync(Buffer.from(`${root}/app/\xff`, 'latin1'), 'bytes');
    const found = context('app');
    expect(found.tree.entry(bytes`outside`)).toMatchObject({
      type: 'symlink',
      target: '/etc/shadow',
      mode: 0o777,
    });
    expect(textOf(found, '\xff')).toBe('bytes');
  });

  it('refuses what an image cannot hold, unless it is ignored', () => {
    put({ 'app/x': '' });
    execFileSync('mkfifo', [join(root, 'app/pipe')]);
    expect(codeOf(() => context('app'))).toBe('SOURCE_UNSUPPORTED');
    put({ '.gitignore': 'pipe\n' });
    expect(codeOf(() => context('app'))).toBeUndefined();
    put({ 'app/.wh.x': '' });
    expect(codeOf(() => context('app'))).toBe('SOURCE_UNSUPPORTED');
  });

  it('refuses a package.json that is a link to a place outside', () => {
    put({ 'app/x': '', 'shared.json': '{}' });
    symlinkSync('../shared.json', join(root, 'app/package.json'));
    expect(codeOf(() => context('app'))).toBe('SOURCE_OUTSIDE_WORKSPACE');
    rmSync(join(root, 'app/package.json'));
    put({ 'app/real.json': '{}' });
    symlinkSync('real.json', join(root, 'app/package.json'));
    expect(codeOf(() => context('app'))).toBeUndefined();
  });

  it('refuses a source that is missing or lies behind a link', () => {
    put({ 'real/x': '' });
    symlinkSync('real', join(root, 'link'));
    expect(codeOf(() => context('nothing'))).toBe('SOURCE_MISSING');
    expect(codeOf(() => context('real/x'))).toBe('SOURCE_MISSING');
    expect(codeOf(() => context('link'))).toBe('SOURCE_UNSUPPORTED');
  });

  it('refuses a source of which nothing belongs to the build', () => {
    mkdirSync(join(root, 'app'));
    expect(codeOf(() => context('app'))).toBe('SOURCE_MISSING');
    put({ 'app/dist/x': '', '.gitignore': 'dist\n', 'other/x': '' });
    expect(codeOf(() => context('app'))).toBe('SOURCE_MISSING');
    expect(codeOf(() => context('app', { include: ['other/x'] }))).toBe('SOURCE_MISSING');
    put({ 'app/main.py': '' });
    expect(codeOf(() => context('app'))).toBeUndefined();
  });

  it('may be the root itself, and never holds what our own tasks leave', () => {
    put({ 'main.py': '', 'dist/nixpack/x/plan.json': '', 'dist/app.js': '' });
    const found = context('');
    expect(pathsOf(found)).toEqual(['dist/app.js', 'main.py']);
    expect(found.planTree.name).toBe('app');
  });
});

describe('include', () => {
  beforeEach(() =>
    put({
      '.gitignore': 'generated\n',
      'app/main.py': '',
      'app/generated/client.py': '',
      'app/generated/node_modules/x.js': '',
      'app/.env': '',
      'config/a.json': '',
      'config/deep/b.json': '',
    }),
  );

  it('beats ignore rules, but enters the fixed list only by name', () => {
    expect(pathsOf(context('app', { include: ['app/generated', './app/.env'] }))).toEqual([
      '.env',
      'generated/client.py',
      'main.py',
    ]);
    expect(pathsOf(context('app', { include: ['app/generated/node_modules/**'] }))).toEqual([
      'generated/node_modules/x.js',
      'main.py',
    ]);
  });

  it('keeps the layout of the workspace for files outside of the source', () => {
    const found = context('app', { include: ['config/*.json'] });
    expect(pathsOf(found)).toEqual(['app/main.py', 'config/a.json']);
    expect([found.sourceDirectory, found.closure?.ecosystem]).toEqual(['app', undefined]);
    expect(found.planTree.has('main.py')).toBe(true);
  });

  it('refuses patterns that leave the root or name nothing', () => {
    expect(codeOf(() => context('app', { include: ['../x'] }))).toBe('WORKSPACE_OUTSIDE');
    expect(codeOf(() => context('app', { include: ['/etc/passwd'] }))).toBe('WORKSPACE_OUTSIDE');
    expect(codeOf(() => context('app', { include: ['config/*.yaml'] }))).toBe(
      'WORKSPACE_INCLUDE_EMPTY',
    );
  });
});

/** api → shared → logger beside web → ui, as in the specification's measurements. */
type Manifest = Record<string, unknown>;
interface Workspace {
  readonly manifests: Record<string, Manifest>;
  readonly packages: Record<string, Manifest>;
}

function workspace(): Workspace {
  return {
    manifests: {
      '': {
        name: 'acme',
        workspaces: ['apps/*', 'packages/*'],
        scripts: { postinstall: 'node tools/postinstall.js' },
        devDependencies: { typescript: '^5.0.0', prettier: '^3.0.0' },
      },
      'apps/api': {
        name: '@acme/api',
        scripts: { build: 'tsc -b', start: 'node dist/main.js' },
        dependencies: { '@acme/shared': '*', zod: '^3.0.0' },
        devDependencies: { '@types/express': '^4.0.0' },
      },
      'packages/shared': {
        name: '@acme/shared',
        scripts: { build: 'tsc -b', test: 'vitest' },
        dependencies: { '@acme/logger': '*' },
        devDependencies: { vitest: '^1.0.0' },
      },
      'packages/logger': { name: '@acme/logger', dependencies: { pino: '^9.0.0' } },
      'apps/web': { name: '@acme/web', dependencies: { '@acme/ui': '*', lodash: '^4.0.0' } },
      'packages/ui': { name: '@acme/ui', dependencies: { zod: '^2.0.0' } },
    },
    packages: {
      'node_modules/typescript': { version: '5.0.0', dev: true, bin: { tsc: 'bin/tsc' } },
      'node_modules/prettier': { version: '3.0.0', dev: true, bin: { prettier: 'bin/prettier' } },
      'node_modules/@types/express': { version: '4.0.0', dev: true },
      'node_modules/vitest': { version: '1.0.0', dev: true, dependencies: { esbuild: '*' } },
      'node_modules/esbuild': { version: '0.20.0', dev: true },
      'node_modules/pino': { version: '9.0.0', dependencies: { 'sonic-boom': '*' } },
      'node_modules/sonic-boom': { version: '4.0.0' },
      'node_modules/lodash': { version: '4.17.20' },
      'node_modules/zod': { version: '2.0.0' },
      'apps/api/node_modules/zod': { version: '3.0.0' },
    },
  };
}

function putWorkspace({ manifests, packages }: Workspace): void {
  const locked: Record<string, Manifest> = {};
  for (const [directory, manifest] of Object.entries(manifests)) {
    put({ [join(directory, 'package.json')]: manifest });
    const { scripts: _, ...kept } = manifest;
    locked[directory] = kept;
    if (directory !== '')
      locked[`node_modules/${String(manifest['name'])}`] = { resolved: directory, link: true };
  }
  put({ 'package-lock.json': { lockfileVersion: 3, packages: { ...locked, ...packages } } });
}

function putSources(): void {
  put({
    '.gitignore': '.env\nnode_modules\ndist\n',
    'nx.json': '{}',
    'tsconfig.base.json': '{ "compilerOptions": { "target": "es2022", "types": [] } }',
    'tools/postinstall.js': 'console.log(1)',
    'apps/api/tsconfig.json': '{ "extends": "../../tsconfig.base.json" }',
    'apps/api/src/main.ts': 'api',
    'apps/api/assets/logo.svg': 'logo',
    'apps/web/src/main.ts': 'MARKER-WEB',
    'packages/shared/src/index.ts': 'shared',
    'packages/logger/src/index.ts': 'logger',
    'packages/ui/src/index.ts': 'MARKER-UI',
  });
}

const inLock =
  (key: string, change: Manifest) =>
  ({ packages }: Workspace): void => {
    packages[key] = { ...packages[key], ...change };
  };

/** Whether the context of api changes. */
const CHANGES: readonly (readonly [string, boolean, (workspace: Workspace) => void])[] = [
  [
    'packages/shared source',
    true,
    () => put({ 'packages/shared/src/index.ts': 'shared // comment' }),
  ],
  ['apps/web source', false, () => put({ 'apps/web/src/main.ts': 'changed' })],
  ['packages/ui source', false, () => put({ 'packages/ui/src/index.ts': 'changed' })],
  ['unrelated bump in the root lock', false, inLock('node_modules/lodash', { version: '4.17.21' })],
  [
    'unrelated root development dependency',
    false,
    ({ manifests, packages }) => {
      manifests['']!['devDependencies'] = { typescript: '^5.0.0', prettier: '^3.1.0' };
      packages['node_modules/prettier'] = { version: '3.1.0', dev: true };
    },
  ],
  [
    'root development dependency that the build uses',
    true,
    inLock('node_modules/typescript', { version: '5.1.0' }),
  ],
  ['own development dependency', true, inLock('node_modules/@types/express', { version: '4.0.1' })],
  [
    'development dependency of a library',
    true,
    inLock('node_modules/esbuild', { version: '0.21.0' }),
  ],
  ['transitive runtime bump', true, inLock('node_modules/sonic-boom', { version: '4.0.1' })],
  [
    'target in tsconfig.base.json',
    true,
    () =>
      put({ 'tsconfig.base.json': '{ "compilerOptions": { "target": "es2023", "types": [] } }' }),
  ],
  [
    'new unrelated member',
    false,
    ({ manifests }) => {
      manifests['packages/new'] = { name: '@acme/new', dependencies: { lodash: '^4.0.0' } };
    },
  ],
  [
    'new root script',
    false,
    ({ manifests }) => {
      manifests['']!['scripts'] = { postinstall: 'x', more: 'y' };
    },
  ],
  [
    'web turns a development package into a runtime one',
    false,
    ({ manifests, packages }) => {
      manifests['apps/web']!['dependencies'] = { '@acme/ui': '*', lodash: '^4.0.0', esbuild: '*' };
      packages['node_modules/esbuild'] = { version: '0.20.0' };
    },
  ],
  [
    'web bump that hoists ours elsewhere: a safe false miss',
    true,
    ({ packages }) => {
      packages['node_modules/zod'] = { version: '3.0.0' };
      packages['packages/ui/node_modules/zod'] = { version: '2.0.0' };
      delete packages['apps/api/node_modules/zod'];
    },
  ],
  ['nx.json', false, () => put({ 'nx.json': '{ "parallel": 3 }' })],
  [
    'chmod +x in a library',
    true,
    () => chmodSync(join(root, 'packages/shared/src/index.ts'), 0o755),
  ],
  ['asset of api', true, () => put({ 'apps/api/assets/logo.svg': 'new logo' })],
  ['git-ignored .env in api', false, () => put({ 'apps/api/.env': 'SECRET=1' })],
  [
    'entry that npm would delete',
    false,
    inLock('node_modules/stray', { version: '1.0.0', extraneous: true }),
  ],
];

describe('a member of an npm workspace', () => {
  beforeEach(() => {
    putSources();
    putWorkspace(workspace());
  });

  it('has its libraries and derived root files at their places, and nothing of its neighbors', () => {
    const found = context('apps/api');
    expect(pathsOf(found)).toEqual([
      'apps/api/assets/logo.svg',
      'apps/api/package.json',
      'apps/api/src/main.ts',
      'apps/api/tsconfig.json',
      'package-lock.json',
      'package.json',
      'packages/logger/package.json',
      'packages/logger/src/index.ts',
      'packages/shared/package.json',
      'packages/shared/src/index.ts',
      'tsconfig.base.json',
    ]);
    const everything = pathsOf(found)
      .map((path) => textOf(found, path))
      .join('\n');
    expect(everything).not.toMatch(/MARKER|postinstall|@acme\/web|@acme\/ui|lodash|prettier/);
    expect(found.sourceDirectory).toBe('apps/api');
    expect(found.planTree.read('package-lock.json')).toBe(textOf(found, 'package-lock.json'));
  });

  it.each(CHANGES)('%s: %s', (_, changes, change) => {
    const before = context('apps/api').digest;
    const edited = workspace();
    change(edited);
    putWorkspace(edited);
    expect(context('apps/api').digest !== before).toBe(changes);
  });

  it('is taken alone with off, and with everything with whole', () => {
    expect(pathsOf(context('apps/api', { workspace: 'off' }))).toContain('src/main.ts');
    const whole = context('apps/api', { workspace: 'whole' });
    expect(pathsOf(whole)).toEqual(
      expect.arrayContaining(['apps/web/src/main.ts', 'tools/postinstall.js', 'nx.json']),
    );
    expect(textOf(whole, 'package.json')).toContain('postinstall');
    expect(whole.closure?.members.map(({ name }) => name)).toEqual([
      '@acme/logger',
      '@acme/shared',
    ]);
    expect(whole.closure?.installInputs).toBeUndefined();
  });

  it('leaves out what a library’s own .dockerignore names', () => {
    put({
      'packages/shared/.dockerignore': 'src/*.spec.ts\n',
      'packages/shared/src/a.spec.ts': '',
      'packages/logger/src/b.spec.ts': '',
    });
    const paths = pathsOf(context('apps/api'));
    expect(paths).not.toContain('packages/shared/src/a.spec.ts');
    expect(paths).toContain('packages/logger/src/b.spec.ts');
  });

  it('plans from the pruned lock file, so that a neighbor’s packages do not steer it', () => {
    const edited = workspace();
    edited.packages['node_modules/sharp'] = { version: '0.33.0' };
    edited.manifests['apps/web']!['dependencies'] = { sharp: '*' };
    putWorkspace(edited);
    expect(context('apps/api').planTree.read('package-lock.json')).not.toContain('sharp');
  });

  it('refuses every credential that enters the build, of all files at once', () => {
    const npmrc = 'x=1\n//registry.example.com/:_authToken=npm_abc\n';
    put({ '.npmrc': 'registry=https://user:hunter2@registry.example.com/\n' });
    expect(codeOf(() => context('apps/api'))).toBe('SOURCE_CREDENTIALS');
    put({ '.gitignore': '/.npmrc\n', 'apps/web/.npmrc': npmrc });
    expect(pathsOf(context('apps/api'))).not.toContain('.npmrc');
    put({ '.gitignore': '', '.npmrc': '//registry.example.com/:_authToken=${NPM_TOKEN}\n' });
    expect(context('apps/api').problems).toEqual([]);
    put({
      '.npmrc': npmrc,
      'apps/api/.npmrc': npmrc,
      'packages/shared/pip.conf': '[global]\nindex-url = https://user:hunter2@pypi.example.com/\n',
      'apps/api/.netrc': 'machine a.example.com\nlogin me\n  password hunter2\n',
    });
    const refused = errorOf(() => context('apps/api'));
    expect(places(refused)).toEqual([
      'apps/api/.netrc:3:3',
      'apps/api/.npmrc:2:1',
      'packages/shared/pip.conf:2:13',
      '.npmrc:2:1',
    ]);
    expect(JSON.stringify(refused.problems)).not.toMatch(/hunter2|npm_abc/);
    put({ 'apps/api/.dockerignore': '.n*\n', '.npmrc': '' });
    expect(places(errorOf(() => context('apps/api')))).toEqual(['packages/shared/pip.conf:2:13']);
  });

  it('names a credential at its place in the workspace: standing alone, behind a link, in a derived file', () => {
    put({ 'apps/api/.npmrc': '_auth=aHVudGVyMg==\n' });
    const alone = () => context('apps/api', { workspace: 'off' });
    expect(places(errorOf(alone))).toEqual(['apps/api/.npmrc:1:1']);
    rmSync(join(root, 'apps/api/.npmrc'));
    put({ 'apps/api/config/npmrc': '_auth=aHVudGVyMg==\n' });
    symlinkSync('config/npmrc', join(root, 'apps/api/.npmrc'));
    expect(places(errorOf(alone))).toEqual(['apps/api/.npmrc:1:1']);
    rmSync(join(root, 'apps/api/.npmrc'));
    const edited = workspace();
    edited.packages['apps/api/node_modules/zod']!['resolved'] =
      'https://user:hunter2@registry.example.com/zod/-/zod-3.0.0.tgz';
    putWorkspace(edited);
    const [place] = places(errorOf(() => context('apps/api')));
    const lines = readFileSync(join(root, 'package-lock.json'), 'utf8').split('\n');
    const line = lines.findIndex((text) => text.includes('hunter2')) + 1;
    expect(place).toMatch(new RegExp(`^package-lock.json:${line}:\\d+$`));
  });

  it('warns of a file that only the paths of a tsconfig lead to, also for a source of its own', () => {
    put({
      'tsconfig.base.json': {
        compilerOptions: {
          paths: {
            '@libs/*': ['libs/*/src/index.ts'],
            '@assets/*': ['assets/*'],
            '~/*': ['tools/cli/src/*'],
          },
        },
      },
      'tools/cli/package.json': { name: 'tool' },
      'tools/cli/tsconfig.json': { extends: '../../tsconfig.base.json' },
      'tools/cli/src/main.ts':
        "import { x } from '@libs/util';\nimport y from '@assets/y.js';\nimport '~/own';\nimport '@libs/none';",
      'tools/cli/src/main.spec.ts': "import '@libs/testing';",
      'tools/cli/src/own.ts': '',
      'apps/api/tsconfig.json': { extends: '../../tsconfig.base.json' },
      'apps/api/src/main.ts': "import '@libs/util';",
      'libs/util/src/index.ts': '',
      'libs/testing/src/index.ts': '',
      'assets/y.js': '',
    });
    const lost = (include: readonly string[] = []): readonly string[] =>
      context('tools/cli', { include }).problems.map(
        ({ code, message, at }) => `${at?.line} ${code} ${/leads to (\S+)/.exec(message)?.[1]}`,
      );
    expect(lost()).toEqual([
      '1 WORKSPACE_UNDECLARED libs/util/src/index.ts',
      '2 WORKSPACE_UNDECLARED assets/y.js',
    ]);
    expect(lost(['libs/util', 'assets/*.js'])).toEqual([]);
    expect(context('apps/api').problems.map(({ code }) => code)).toEqual(['WORKSPACE_UNDECLARED']);
  });

  it('warns of an import that only a neighbor makes work', () => {
    put({
      'apps/api/src/main.ts':
        "import zod from 'zod';\nimport { map } from 'lodash/fp';\nimport fs from 'fs';\n",
      'packages/shared/src/index.ts':
        "export * from '@acme/ui';\nimport '@acme/logger'; import 'sonic-boom'; import './x';",
      'packages/shared/src/index.spec.ts': "import 'lodash';",
      'apps/web/src/main.ts': "import 'react';",
    });
    const places = context('apps/api').problems.map(
      ({ code, at }) => `${at?.file}:${at?.line} ${code}`,
    );
    expect(places).toEqual([
      'apps/api/src/main.ts:2 WORKSPACE_UNDECLARED',
      'packages/shared/src/index.ts:1 WORKSPACE_UNDECLARED',
    ]);
  });

  it('says that the lock file is out of date before anything is built', () => {
    const edited = workspace();
    putWorkspace(edited);
    put({
      'apps/api/package.json': {
        ...edited.manifests['apps/api'],
        dependencies: { '@acme/shared': '*', zod: '^4.0.0' },
      },
    });
    expect(codeOf(() => context('apps/api'))).toBe('WORKSPACE_LOCK_DISAGREES');
    expect(codeOf(() => context('apps/web'))).toBeUndefined();
  });
});

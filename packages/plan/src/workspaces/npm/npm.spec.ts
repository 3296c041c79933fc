import { UserError, inWorkspace } from '@nx-nixpack/base';
import { closure } from '../index.js';
import type { Closure } from '../ecosystem.js';
import type { Edge } from '../model.js';
import { memoryTree } from '../../source/memory-tree.contract.js';

/** api → shared → logger, beside web and ui; typescript and prettier at the root. */
const MANIFESTS: Record<string, object> = {
  'package.json': {
    name: 'acme',
    version: '1.0.0',
    private: true,
    workspaces: ['apps/*', 'packages/*'],
    scripts: { postinstall: 'node tools/marker.js' },
    packageManager: 'npm@11.0.0',
    dependencies: { tslib: '^2.0.0' },
    devDependencies: {
      typescript: '^5.0.0',
      prettier: '^3.0.0',
      '@types/node': '^20.0.0',
      '@types/react': '^18.0.0',
    },
    overrides: { qs: '6.11.0', lodash: { semver: '7.0.0' } },
  },
  'apps/api/package.json': {
    name: '@acme/api',
    scripts: { build: 'tsc -b', start: 'node dist/main.js', lint: 'prettier --check .' },
    dependencies: { '@acme/shared': '*', express: '^4.0.0' },
    devDependencies: { vitest: '^1.0.0' },
  },
  'apps/web/package.json': {
    name: '@acme/web',
    dependencies: { '@acme/ui': '*', react: '^18.0.0', lodash: '^4.0.0' },
  },
  'packages/shared/package.json': {
    name: '@acme/shared',
    scripts: { build: 'tsc -b' },
    dependencies: { '@acme/logger': '*', zod: '^3.0.0' },
    optionalDependencies: { fsevents: '^2.0.0' },
  },
  'packages/logger/package.json': {
    name: '@acme/logger',
    dependencies: { pino: 'npm:@acme-forks/pino@9.0.0' },
    peerDependencies: { express: '^4.0.0', next: '*' },
    peerDependenciesMeta: { next: { optional: true } },
  },
  'packages/ui/package.json': { name: '@acme/ui', dependencies: { zod: '^2.0.0' } },
};

type Entry = Record<string, unknown>;
const entry = (version: string, more: Entry = {}): Entry => ({
  version,
  integrity: `sha512-${version}`,
  ...more,
});
const ENTRIES: Record<string, Entry> = {
  'node_modules/express': entry('4.19.0', { dependencies: { qs: '~6.10.0' } }),
  'node_modules/qs': entry('6.11.0'),
  'node_modules/zod': entry('2.0.0'),
  'packages/shared/node_modules/zod': entry('3.0.0'),
  'node_modules/pino': entry('9.0.0', {
    name: '@acme-forks/pino',
    dependencies: { atomic: '1.0.0' },
  }),
  'node_modules/atomic': entry('1.0.0', { dev: true }),
  'node_modules/fsevents': entry('2.0.0', { optional: true, os: ['darwin'] }),
  'node_modules/react': entry('18.0.0', { dependencies: { 'loose-envify': '^1.0.0' } }),
  'node_modules/loose-envify': entry('1.4.0'),
  'node_modules/lodash': entry('4.17.0'),
  'node_modules/next': entry('14.0.0'),
  'node_modules/tslib': entry('2.0.0'),
  'node_modules/typescript': entry('5.0.0', { dev: true, bin: { tsc: 'bin/tsc' } }),
  'node_modules/prettier': entry('3.0.0', { dev: true, bin: { prettier: 'bin/prettier.cjs' } }),
  'node_modules/@types/node': entry('20.0.0', { dev: true }),
  'node_modules/@types/react': entry('18.0.0', { dev: true }),
  'node_modules/vitest': entry('1.0.0', { dev: true }),
  'node_modules/stray': entry('1.0.0', { extraneous: true }),
};

const MEMBERS = ['apps/api', 'apps/web', 'packages/logger', 'packages/shared', 'packages/ui'];

/** The lock file that npm would write for the manifests. */
function lockOf(
  manifests: Record<string, object>,
  entries: Record<string, Entry>,
  version = 3,
): string {
  const packages: Record<string, unknown> = { '': manifests['package.json'] };
  for (const member of MEMBERS) {
    const { scripts: _, ...manifest } = (manifests[`${member}/package.json`] ?? {}) as Entry;
    if (manifest['name'] === undefined) continue;
    packages[member] = manifest;
    packages[`node_modules/${String(manifest['name'])}`] = { resolved: member, link: true };
  }
  return JSON.stringify({
    name: 'acme',
    lockfileVersion: version,
    packages: { ...packages, ...entries },
  });
}

interface Change {
  readonly manifests?: Record<string, object>;
  readonly entries?: Record<string, Entry>;
  readonly files?: Record<string, string>;
  readonly lock?: string;
  readonly edges?: readonly Edge[];
  readonly source?: string;
}

function closureOf(change: Change = {}): Closure {
  const manifests = { ...MANIFESTS, ...change.manifests };
  const texts = Object.entries(manifests).map(([path, content]) => [
    path,
    JSON.stringify(content, null, 2),
  ]);
  const tree = memoryTree({
    ...(Object.fromEntries(texts) as Record<string, string>),
    'package-lock.json': change.lock ?? lockOf(manifests, { ...ENTRIES, ...change.entries }),
    'apps/api/tsconfig.json': '{ "extends": "../../tsconfig.base.json" }',
    'tsconfig.base.json':
      '{ /* shared */ "compilerOptions": { "paths": { "@acme/*": ["packages/*"] }, } }',
    ...change.files,
  });
  const found = closure(tree, inWorkspace`${change.source ?? 'apps/api'}`, change.edges ?? []);
  if (found === undefined) throw new Error('the source stands alone');
  return found;
}

const derivedOf = (found: Closure, name: string): Record<string, Record<string, Entry>> =>
  JSON.parse(Buffer.from(found.derived().get(name) ?? new Uint8Array()).toString()) as Record<
    string,
    Record<string, Entry>
  >;
const bytesOf = (found: Closure): readonly string[] =>
  [...found.derived().values()].map((bytes) => Buffer.from(bytes).toString());

function problemsOf(change: Change): readonly string[] {
  try {
    closureOf(change);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems.map(
      ({ code, message, at }) => `${at?.file}:${at?.line} ${code} ${message}`,
    );
  }
  return [];
}

describe('closure of an npm workspace', () => {
  it('holds the libraries, dependencies first, and says why', () => {
    expect(closureOf().members).toEqual([
      {
        directory: 'packages/logger',
        name: '@acme/logger',
        why: 'dependencies of packages/shared',
        runtime: true,
        kind: 'workspace',
        builds: false,
      },
      {
        directory: 'packages/shared',
        name: '@acme/shared',
        why: 'dependencies of apps/api',
        runtime: true,
        kind: 'workspace',
        builds: true,
      },
    ]);
  });

  it('derives a root manifest without scripts, neighbors and unused tools', () => {
    expect(derivedOf(closureOf(), 'package.json')).toEqual({
      name: 'acme',
      private: true,
      packageManager: 'npm@11.0.0',
      workspaces: ['apps/api', 'packages/logger', 'packages/shared'],
      dependencies: { tslib: '^2.0.0' },
      devDependencies: { typescript: '^5.0.0', '@types/node': '^20.0.0' },
      overrides: { qs: '6.11.0' },
    });
  });

  it('prunes the lock file to what the closure reaches, at the same places', () => {
    const packages = derivedOf(closureOf(), 'package-lock.json')['packages'] ?? {};
    expect(Object.keys(packages)).toEqual([
      '',
      'apps/api',
      'node_modules/@acme/api',
      'node_modules/@acme/logger',
      'node_modules/@acme/shared',
      'node_modules/@types/node',
      'node_modules/atomic',
      'node_modules/express',
      'node_modules/fsevents',
      'node_modules/pino',
      'node_modules/qs',
      'node_modules/tslib',
      'node_modules/typescript',
      'node_modules/vitest',
      'packages/logger',
      'packages/shared',
      'packages/shared/node_modules/zod',
    ]);
    expect(packages['node_modules/pino']).toEqual(ENTRIES['node_modules/pino']);
  });

  it('computes the flags for what is kept', () => {
    const packages = derivedOf(closureOf(), 'package-lock.json')['packages'] ?? {};
    expect(packages['node_modules/atomic']).not.toHaveProperty('dev');
    expect(packages['node_modules/vitest']).toMatchObject({ dev: true });
    expect(packages['node_modules/fsevents']).toMatchObject({ optional: true });
    expect(packages['node_modules/express']).not.toHaveProperty('peer');
  });

  it.each<[string, Change]>([
    [
      'an unrelated bump in the lock file',
      { entries: { 'node_modules/lodash': entry('4.17.21') } },
    ],
    [
      'an unrelated development tool',
      { entries: { 'node_modules/prettier': entry('3.1.0', { dev: true }) } },
    ],
    [
      'an entry that npm would delete',
      { entries: { 'node_modules/stray': entry('2.0.0', { extraneous: true }) } },
    ],
    [
      'flags that describe the whole workspace',
      { entries: { 'node_modules/atomic': entry('1.0.0'), 'node_modules/vitest': entry('1.0.0') } },
    ],
    [
      'a script, a version or an unrelated override of the root',
      {
        manifests: {
          'package.json': {
            ...MANIFESTS['package.json'],
            version: '2.0.0',
            scripts: { x: 'y' },
            overrides: { qs: '6.11.0' },
          },
        },
      },
    ],
    [
      'a manifest of a neighbor',
      {
        manifests: {
          'apps/web/package.json': { name: '@acme/web', dependencies: { zod: '^2.0.0' } },
        },
      },
    ],
  ])('stays the same, byte for byte, after %s', (_, change) => {
    expect(bytesOf(closureOf(change))).toEqual(bytesOf(closureOf()));
  });

  it.each<[string, Change]>([
    ['a transitive bump', { entries: { 'node_modules/atomic': entry('1.0.1') } }],
    [
      'a tool that the build uses',
      { entries: { 'node_modules/typescript': entry('5.1.0', { bin: { tsc: 'bin/tsc' } }) } },
    ],
    ['an own development dependency', { entries: { 'node_modules/vitest': entry('1.0.1') } }],
  ])('changes after %s', (_, change) => {
    expect(bytesOf(closureOf(change))).not.toEqual(bytesOf(closureOf()));
  });

  it('gives equal bytes for a lock file in another order', () => {
    const reversed = Object.fromEntries(Object.entries(ENTRIES).reverse());
    expect(bytesOf(closureOf({ lock: lockOf(MANIFESTS, reversed) }))).toEqual(bytesOf(closureOf()));
  });

  it('follows extends to root files and project references to members', () => {
    const found = closureOf({
      files: {
        'apps/api/tsconfig.json':
          '{ "extends": "../../tsconfig.base.json", "references": [{ "path": "../../packages/ui/tsconfig.lib.json" }] } // end',
        '.npmrc': 'fund=false\n',
      },
    });
    expect(found.rootFiles).toEqual([
      { path: '.npmrc', why: 'configuration of the root' },
      { path: 'tsconfig.base.json', why: 'extended by apps/api/tsconfig.json' },
    ]);
    expect(found.members.find(({ name }) => name === '@acme/ui')).toMatchObject({
      why: 'referenced by apps/api/tsconfig.json',
      runtime: false,
    });
    expect(derivedOf(found, 'package-lock.json')['packages']).toHaveProperty([
      'node_modules/@acme/ui',
    ]);
  });

  it('adds what only the project graph knows, members and plain directories', () => {
    const edges = [
      { from: 'apps/api', to: 'packages/ui', why: 'imported by apps/api/src/main.ts' },
      { from: 'packages/ui', to: 'assets', why: 'imported by packages/ui/index.ts' },
      { from: 'apps/web', to: 'packages/other', why: 'not ours' },
    ];
    const found = closureOf({ edges, files: { 'assets/logo.svg': '<svg/>' } });
    expect(found.members.map(({ directory, kind }) => [directory, kind])).toEqual([
      ['packages/logger', 'workspace'],
      ['packages/shared', 'workspace'],
      ['assets', 'directory'],
      ['packages/ui', 'workspace'],
    ]);
  });

  it.each<[string, Record<string, string>, boolean]>([
    ['nothing that can be seen imports it', {}, true],
    ['the program imports it', { 'src/main.ts': "import '@acme/ui/x';" }, true],
    ['a test imports it', { 'src/main.spec.ts': "import '@acme/ui';" }, false],
    ['a test folder imports it', { '__tests__/x.js': "require('../../../packages/ui/y')" }, false],
    [
      'the configuration of the test runner imports it',
      { 'jest.config.ts': "import '@acme/ui';" },
      false,
    ],
    ['a test imports it by an alias', { 'src/x.test.ts': "import '@ui';" }, false],
    ['the program imports it by an alias', { 'src/main.ts': "import '@ui';" }, true],
    [
      'program and test import it',
      { 'src/main.ts': "import '@acme/ui';", 'src/main.spec.ts': "import '@acme/ui';" },
      true,
    ],
  ])('takes what the project graph knows, %s', (_, scripts, isIncluded) => {
    const below = Object.entries(scripts).map(([path, text]) => [`apps/api/${path}`, text]);
    const found = closureOf({
      edges: [{ from: 'apps/api', to: 'packages/ui', why: 'api imports ui' }],
      files: {
        'tsconfig.base.json': '{"compilerOptions":{"paths":{"@ui":["./packages/ui/index.ts"]}}}',
        'packages/ui/index.ts': '',
        ...(Object.fromEntries(below) as Record<string, string>),
      },
    });
    expect(found.members.some(({ name }) => name === '@acme/ui')).toBe(isIncluded);
  });

  it('orders a cycle of libraries without end', () => {
    const logger = {
      ...MANIFESTS['packages/logger/package.json'],
      devDependencies: { '@acme/shared': '*' },
    };
    const found = closureOf({ manifests: { 'packages/logger/package.json': logger } });
    expect(found.members.map(({ directory }) => directory)).toEqual([
      'packages/logger',
      'packages/shared',
    ]);
  });

  it('knows the files that decide the installation, unless a member runs or links something', () => {
    expect(closureOf().installInputs).toEqual([
      'package.json',
      'package-lock.json',
      'apps/api/package.json',
      'packages/logger/package.json',
      'packages/shared/package.json',
    ]);
    const withBin = { ...MANIFESTS['packages/logger/package.json'], bin: './cli.js' };
    const found = closureOf({ manifests: { 'packages/logger/package.json': withBin } });
    expect([found.installInputs, found.installInputsReason]).toEqual([
      undefined,
      'packages/logger has programs (bin), which npm links when it installs',
    ]);
  });

  it('keeps a local folder and refuses one outside', () => {
    const api = (spec: string): Record<string, object> => ({
      'apps/api/package.json': {
        ...MANIFESTS['apps/api/package.json'],
        dependencies: { vendored: spec },
      },
    });
    const linked = (resolved: string): Record<string, Entry> => ({
      'node_modules/vendored': { resolved, link: true },
      [resolved]: { version: '1.0.0', dependencies: { atomic: '*' } },
    });
    const files = {
      'vendor/x/package.json':
        '{"name":"vendored","version":"1.0.0","dependencies":{"atomic":"*"}}',
    };
    const found = closureOf({
      manifests: api('file:../../vendor/x'),
      entries: linked('vendor/x'),
      files,
    });
    expect(found.members).toMatchObject([{ directory: 'vendor/x', kind: 'directory' }]);
    expect(derivedOf(found, 'package.json')['workspaces']).toEqual(['apps/api']);
    expect(problemsOf({ manifests: api('file:../../../x'), entries: linked('../x') })).toEqual([
      expect.stringContaining('WORKSPACE_OUTSIDE apps/api depends on vendored'),
    ]);
  });

  it('keeps the patches of what is kept, with the tool that applies them', () => {
    const root = (scripts: object): Change => ({
      manifests: {
        'package.json': {
          ...MANIFESTS['package.json'],
          scripts,
          devDependencies: { 'patch-package': '^8.0.0', typescript: '^5.0.0' },
        },
      },
      entries: { 'node_modules/patch-package': entry('8.0.0', { dev: true }) },
      files: {
        'patches/pino+9.0.0.patch': '',
        'patches/lodash+4.17.0.patch': '',
        'patches/@types+node+20.0.0.patch': '',
      },
    });
    const found = closureOf(root({ postinstall: 'patch-package && node tools/marker.js' }));
    expect(derivedOf(found, 'package.json')).toMatchObject({
      scripts: { postinstall: 'patch-package' },
      devDependencies: { 'patch-package': '^8.0.0', typescript: '^5.0.0' },
    });
    expect(found.rootFiles.map(({ path }) => path)).toContain('patches/pino+9.0.0.patch');
    expect(found.rootFiles.map(({ path }) => path)).not.toContain('patches/lodash+4.17.0.patch');
    expect(found.installInputs).toContain('patches/pino+9.0.0.patch');
    expect(derivedOf(closureOf(root({})), 'package.json')).not.toHaveProperty('scripts');
  });

  it('accepts a workspace below the workspace root', () => {
    const moved = (files: Record<string, string>): Record<string, string> =>
      Object.fromEntries(Object.entries(files).map(([path, text]) => [`front/${path}`, text]));
    const texts = Object.fromEntries(
      Object.entries(MANIFESTS).map(([path, content]) => [path, JSON.stringify(content)]),
    );
    const tree = memoryTree(moved({ ...texts, 'package-lock.json': lockOf(MANIFESTS, ENTRIES) }));
    const found = closure(tree, inWorkspace`front/apps/api`, []);
    expect(found?.root).toBe('front');
    expect(found?.members.map(({ directory }) => directory)).toEqual([
      'front/packages/logger',
      'front/packages/shared',
    ]);
    expect([...(found?.derived().keys() ?? [])]).toEqual([
      'front/package.json',
      'front/package-lock.json',
    ]);
  });

  it.each([
    ['no workspace at all', {}, 'apps/api'],
    [
      'a source that the globs do not name',
      { 'package.json': '{"workspaces":["libs/*"]}' },
      'apps/api',
    ],
    [
      'a source that the globs exclude',
      { 'package.json': '{"workspaces":["apps/*","!apps/api"]}' },
      'apps/api',
    ],
    ['a source without package.json', { 'package.json': '{"workspaces":["*/*"]}' }, 'apps/tools'],
    ['the root itself', { 'package.json': '{"workspaces":["apps/*"]}' }, ''],
  ])('is absent for %s', (_, files: Record<string, string>, source) => {
    const tree = memoryTree({ 'apps/api/package.json': '{}', 'apps/tools/main.py': '', ...files });
    expect(closure(tree, inWorkspace`${source}`, [])).toBeUndefined();
  });
});

describe('what closure refuses', () => {
  it('says which dependency the lock file does not have', () => {
    const manifests = {
      'apps/api/package.json': {
        ...MANIFESTS['apps/api/package.json'],
        dependencies: { '@acme/shared': '*', express: '^5.0.0' },
      },
    };
    expect(problemsOf({ manifests, lock: lockOf(MANIFESTS, ENTRIES) })).toEqual([
      'apps/api/package.json:10 WORKSPACE_LOCK_DISAGREES apps/api/package.json and the lock file disagree about express (dependencies): the manifest says "^5.0.0", package-lock.json says "^4.0.0"',
    ]);
  });

  it('says that the lock file is older than a tool of the root that the build uses', () => {
    const bumped = (name: string): Change => {
      const devDependencies = { typescript: '^5.0.0', prettier: '^3.0.0', [name]: '^9.0.0' };
      const manifests = { 'package.json': { ...MANIFESTS['package.json'], devDependencies } };
      return { manifests, lock: lockOf(MANIFESTS, ENTRIES) };
    };
    expect(problemsOf(bumped('typescript'))).toEqual([
      expect.stringContaining('disagree about typescript (devDependencies)'),
    ]);
    expect(problemsOf(bumped('prettier'))).toEqual([]);
  });

  it('says that a member is missing, and which one was probably meant', () => {
    const manifests = {
      'apps/api/package.json': { name: '@acme/api', dependencies: { '@acme/shraed': '*' } },
    };
    const tree = (): unknown => closureOf({ manifests });
    expect(problemsOf({ manifests })).toEqual([
      'apps/api/package.json:4 WORKSPACE_MEMBER_MISSING apps/api/package.json depends on @acme/shraed (dependencies), which is not a member of the workspace',
    ]);
    expect(tree).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('@acme/shared') as string }),
    );
  });

  it.each([
    ['*', '@acme/shared'],
    ['^1.0.0', '@acme/shared'],
    ['workspace:*', '@acme/shared'],
  ])('says that a name with %s is not a member, before anybody asks a registry for it', (spec) => {
    const api = { name: '@acme/api', dependencies: { '@acme/sharde': spec, express: '^4.0.0' } };
    const change = {
      manifests: { 'apps/api/package.json': api },
      lock: lockOf(MANIFESTS, ENTRIES),
    };
    expect(problemsOf(change)).toEqual([
      'apps/api/package.json:4 WORKSPACE_MEMBER_MISSING apps/api/package.json depends on @acme/sharde (dependencies), which is not a member of the workspace',
    ]);
    expect(() => closureOf(change)).toThrow(
      expect.objectContaining({
        hint: expect.stringContaining('Did you mean @acme/shared?') as string,
      }),
    );
  });

  it('asks for `npm install` when the member is there and the lock file does not know it', () => {
    const api = { ...MANIFESTS['apps/api/package.json'], devDependencies: { '@acme/new': '*' } };
    const change = {
      manifests: { 'apps/api/package.json': api },
      lock: lockOf(MANIFESTS, ENTRIES),
      files: { 'packages/new/package.json': '{"name":"@acme/new"}' },
    };
    expect(problemsOf(change)).toEqual([
      expect.stringContaining('WORKSPACE_LOCK_DISAGREES'),
      expect.stringContaining('disagree about vitest'),
    ]);
  });

  it('says that a source is not in the lock file', () => {
    const { 'apps/api/package.json': _, ...others } = MANIFESTS;
    expect(problemsOf({ lock: lockOf(others, ENTRIES) })).toEqual([
      'package-lock.json:1 WORKSPACE_LOCK_DISAGREES package.json makes apps/api a member of its workspace, but package-lock.json does not know it',
    ]);
  });

  it.each([
    ['no lock file', undefined],
    ['another version', lockOf(MANIFESTS, ENTRIES, 1)],
    ['no JSON', '<<<<<<< HEAD'],
  ])('refuses %s', (_, lock) => {
    const files = Object.fromEntries(
      Object.entries(MANIFESTS).map(([path, content]) => [path, JSON.stringify(content)]),
    );
    const tree = memoryTree({
      ...files,
      ...(lock === undefined ? {} : { 'package-lock.json': lock }),
    });
    expect(() => closure(tree, inWorkspace`apps/api`, [])).toThrow(
      expect.objectContaining({ code: 'WORKSPACE_LOCK_UNSUPPORTED' }),
    );
  });
});

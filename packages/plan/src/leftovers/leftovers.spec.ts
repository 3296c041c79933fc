import { generatePlan } from '../generate/generate-plan.js';
import { memoryTree } from '../source/memory-tree.contract.js';
import { pruneModules } from './prune-modules.js';

type Files = Readonly<Record<string, string>>;
/** What the hints say: the command, or why everything stays. */
function leftover(files: Files, options = {}): string | undefined {
  const { hints } = generatePlan(memoryTree(files), { toolchain: 'debian', ...options });
  return hints.dropDevDependencies ?? hints.keepDevDependencies;
}
const manifest = (fields: object): Files => ({ 'package.json': JSON.stringify(fields) });
const started = (start: string, dev: readonly string[], scripts = {}): Files =>
  manifest({
    scripts: { start, ...scripts },
    devDependencies: Object.fromEntries(dev.map((name) => [name, '1'])),
  });

describe('of Node', () => {
  it.each([
    ['npm', {}, 'npm prune --omit=dev'],
    ['Yarn 1', { 'yarn.lock': '' }, pruneModules('node')],
    [
      'Yarn 4 with node_modules',
      { 'yarn.lock': '', '.yarnrc.yml': 'nodeLinker: node-modules\n' },
      pruneModules('node'),
    ],
    [
      'Yarn 4 with its cache',
      { 'yarn.lock': '', '.yarnrc.yml': '' },
      'Yarn keeps its packages in a cache that knows no development dependencies',
    ],
    ['pnpm', { 'pnpm-lock.yaml': '' }, pruneModules('node')],
    [
      'a workspace of pnpm',
      { 'pnpm-lock.yaml': '', 'pnpm-workspace.yaml': '' },
      'the packages of a workspace share their dependencies',
    ],
    ['bun', { 'bun.lock': '' }, pruneModules('node')],
  ])('%s', (_name, files: Files, expected) => {
    expect(leftover({ ...started('node server.js', ['jest']), ...files })).toBe(expected);
  });

  it.each([
    ['a program', started('tsx src/server.ts', ['tsx']), 'tsx'],
    ['a wrapper', started('cross-env A=b node server.js', ['cross-env']), 'cross-env'],
    ['a program of another name', started('tsc && node .', ['typescript']), 'typescript'],
    ['a loader', started('node -r ts-node/register server.ts', ['ts-node']), 'ts-node'],
    [
      'a script that runs before',
      started('node .', ['typescript'], { prestart: 'tsc' }),
      'typescript',
    ],
    ['a script that is called', started('npm run up', ['vite'], { up: 'vite preview' }), 'vite'],
    ['what npx runs', started('npx @swc/cli x', ['@swc/cli']), '@swc/cli'],
    [
      'an import of the program',
      { ...started('node server.js', ['morgan']), 'server.js': "const log = require('morgan');" },
      'morgan',
    ],
    [
      'a build at each start',
      started('npm run make && node d.js', ['typescript'], { make: 'tsc' }),
      'typescript',
    ],
    [
      'the same by Yarn',
      started('yarn make && node d.js', ['typescript'], { make: 'tsc' }),
      'typescript',
    ],
    [
      'the same by pnpm',
      started('pnpm make && node d.js', ['typescript'], { make: 'tsc' }),
      'typescript',
    ],
    [
      'the same by bun',
      started('bun run make && bun d.js', ['typescript'], { make: 'tsc' }),
      'typescript',
    ],
    ['a path of a program', started('./node_modules/.bin/tsx a.ts', ['tsx']), 'tsx'],
    ['a version that npx runs', started('npx --yes tsx@4 a.ts', ['tsx']), 'tsx'],
    [
      'a script of the shell',
      { ...started('sh bin/up.sh', ['knex']), 'bin/up.sh': 'knex migrate:latest\nnode a.js\n' },
      'knex',
    ],
    [
      'an import further in',
      {
        ...started('node src/a.js', ['pino-pretty']),
        'src/a.js': "import './lib/log.js'",
        'src/lib/log.ts': "import pretty from 'pino-pretty'",
      },
      'pino-pretty',
    ],
    [
      'what settings import',
      { ...started('next start', ['@next/mdx']), 'next.config.mjs': "import mdx from '@next/mdx'" },
      '@next/mdx',
    ],
  ])('stays for %s', (_why, files: Files, name) => {
    expect(leftover(files)).toBe(`the start needs ${name} of devDependencies`);
  });

  it('stays for a program that nobody knows', () => {
    expect(leftover(started('lift-off', ['rocket']))).toBe(
      'the start needs lift-off, which devDependencies may bring',
    );
  });

  it('does not stay for types and tests', () => {
    const files = {
      ...started('node a.js', ['express', 'jest']),
      'a.ts': "import type { Request } from 'express';\n",
      'a.test.ts': "import 'jest';\n",
    };
    expect(leftover(files)).toBe('npm prune --omit=dev');
  });

  it('counts the start that the user gives', () => {
    const files = started('node server.js', ['tsx']);
    expect(leftover(files, { plan: { start: { cmd: 'tsx server.ts' } } })).toMatch(/needs tsx/);
    expect(
      leftover(started('tsx server.ts', ['tsx']), { plan: { start: { cmd: 'node out.js' } } }),
    ).toBe('npm prune --omit=dev');
  });

  it('goes where Yarn installs what is for another C library', () => {
    const files = {
      ...manifest({ scripts: { start: 'node a.js' } }),
      'yarn.lock': 'x-linux-musl@1:',
    };
    expect(leftover(files)).toBe(pruneModules('node'));
  });

  it('goes by bun where it is alone', () => {
    const files = { ...started('bun a.ts', ['@types/bun']), 'a.ts': '' };
    expect(leftover(files)).toBe(pruneModules('bun'));
  });

  it('is all of it for a site that caddy serves', () => {
    expect(leftover(manifest({ dependencies: { vite: '6', react: '19' } }))).toBe(
      'rm -rf node_modules',
    );
  });

  it('is nothing where the manifest names nothing', () => {
    expect(
      leftover({ ...manifest({ scripts: { start: 'node a.js' } }), 'yarn.lock': '' }),
    ).toBeUndefined();
  });
});

describe('of other languages', () => {
  it.each([
    [
      'Composer',
      { 'composer.json': '{}', 'index.php': '' },
      /^composer install --no-dev .* --ignore-platform-reqs$/,
    ],
    [
      'Laravel, which noted what is gone',
      { 'composer.json': '{}', artisan: '', 'package.json': '{}' },
      /rm -f bootstrap\/cache\/packages\.php .* && rm -rf node_modules$/,
    ],
    [
      'Bundler in production',
      { Gemfile: 'group :development, :test do\nend', 'config.ru': '' },
      /^bundle config set --local without 'development test' && bundle clean --force$/,
    ],
    ['Cargo', { 'Cargo.toml': '[package]\nname = "a"\n', 'src/main.rs': '' }, /^rm -rf target$/],
    ['Maven', { 'pom.xml': '' }, /-name test-classes .*rm -rf src\/test$/],
    ['Gradle', { gradlew: '' }, /-name test-results .*rm -rf src\/test \.gradle$/],
    ['uv', { 'pyproject.toml': '', 'uv.lock': '', 'main.py': '' }, /pip uninstall -y .*uv$/],
    ['Zig', { 'build.zig': '', 'main.zig': '' }, /^rm -rf \.zig-cache/],
  ])('%s', (_name, files: Files, expected) => {
    expect(leftover(files)).toMatch(expected);
  });

  it.each([
    [
      'gems that a development environment loads',
      { Gemfile: 'group :development do\nend', '.ruby-version': '3.3.0', 'config.ru': '' },
      { env: ['RACK_ENV=development'] },
    ],
    [
      'uv when it starts the program',
      { 'pyproject.toml': '', 'uv.lock': '' },
      { plan: { start: { cmd: 'uv run app' } } },
    ],
    [
      'what a jar elsewhere may need',
      { 'pom.xml': '' },
      { plan: { start: { cmd: 'java -cp classes Main' } } },
    ],
    ['pip', { 'requirements.txt': 'flask', 'app.py': '' }, {}],
  ])('keeps %s', (_name, files: Files, options) => {
    const { hints } = generatePlan(memoryTree(files), { toolchain: 'debian', ...options });
    expect(hints.dropDevDependencies).toBeUndefined();
  });
});

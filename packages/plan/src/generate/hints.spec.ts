import type { Hints } from '../plan/build-plan.js';
import { generatePlan } from './generate-plan.js';
import { memoryTree } from '../source/memory-tree.contract.js';

const hintsOf = (files: Readonly<Record<string, string>>, env: readonly string[] = []): Hints =>
  generatePlan(memoryTree(files), { env }).hints;
const manifest = (fields: object): Readonly<Record<string, string>> => ({
  'package.json': JSON.stringify(fields),
});

describe('installInputs of Node', () => {
  it('are manifests, locks and settings of the package managers', () => {
    const files = {
      ...manifest({ dependencies: { a: '^1', b: 'npm:c@2', d: 'user/repo' } }),
      'package-lock.json': '{"resolved":"https://x/a.tgz"}',
      '.npmrc': '',
    };
    expect(hintsOf({ ...files, 'index.js': '' }).installInputs).toEqual([
      'package.json',
      'package-lock.json',
      '.npmrc',
    ]);
  });

  it.each([
    [
      'a script that runs during the install',
      manifest({ scripts: { postinstall: 'node x.js' } }),
      /"postinstall"/,
    ],
    ['a prepare script', manifest({ scripts: { prepare: 'husky' } }), /"prepare"/],
    ['a workspace', manifest({ workspaces: ['libs/*'] }), /workspace/],
    ['a local dependency', manifest({ dependencies: { a: 'file:../a' } }), /file:\.\.\/a/],
    ['a path as dependency', manifest({ optionalDependencies: { a: './a.tgz' } }), /\.\/a\.tgz/],
    ['a linked override', manifest({ overrides: { a: { b: 'link:./b' } } }), /link:\.\/b/],
    ['a patch', manifest({ pnpm: { patchedDependencies: { a: 'patches/a.patch' } } }), /a\.patch/],
    [
      'a link in the lock file',
      { ...manifest({}), 'package-lock.json': '{"link": true}' },
      /package-lock\.json/,
    ],
    [
      'a local package in yarn.lock',
      { ...manifest({}), 'yarn.lock': '"a@file:./a":' },
      /yarn\.lock/,
    ],
    ['native code in the root', { ...manifest({}), 'binding.gyp': '' }, /binding\.gyp/],
    ['hooks of pnpm', { ...manifest({}), '.pnpmfile.cjs': '' }, /pnpmfile/],
    ['Yarn settings with plug-ins', { ...manifest({}), '.yarnrc.yml': '' }, /yarnrc/],
  ])('are not certain with %s', (_what, files, reason) => {
    const hints = hintsOf(files);
    expect(hints.installInputs).toBeUndefined();
    expect(hints.installInputsReason).toMatch(reason);
  });
});

describe('installInputs of Python', () => {
  const requirements = (text: string): Hints =>
    hintsOf({ 'main.py': '', 'requirements.txt': text });

  it.each([
    'flask',
    'flask==3.0 # why',
    'uvicorn[standard]>=0.30 ; python_version > "3.8"',
    'a @ https://example.com/a.whl',
    'git+https://example.com/a.git@v1#egg=a',
    '--index-url https://example.com\nflask==1 \\\n    --hash=sha256:00',
    '',
  ])('are the requirements alone for %j', (text) => {
    expect(requirements(text).installInputs).toEqual(['requirements.txt']);
  });

  it.each([
    '-r base.txt',
    '-c constraints.txt',
    '-e .',
    '--requirement=x',
    '.',
    './lib',
    'a @ file:///app/a',
    'lib/a.whl',
    '--find-links wheels',
    'file:a.whl',
  ])('are not certain for %j', (text) => {
    expect(requirements(`flask\n${text}\n`)).toMatchObject({
      installInputsReason: expect.stringContaining('requirements.txt') as string,
    });
    expect(requirements(`flask\n${text}\n`).installInputs).toBeUndefined();
  });

  it('are not certain when the project itself is installed', () => {
    expect(hintsOf({ 'pyproject.toml': '', 'poetry.lock': '' }).installInputsReason).toMatch(
      /poetry/,
    );
  });

  it('name the virtual environment as output', () => {
    expect(requirements('flask').outputs).toEqual(['/opt/venv']);
    expect(hintsOf({ 'main.py': '' }).outputs).toBeUndefined();
  });
});

describe('installInputs of other languages', () => {
  it.each([
    ['Go', { 'go.mod': 'module x\nreplace a => b v1\n', 'go.sum': '' }, ['go.mod', 'go.sum']],
    [
      'Crystal',
      { 'shard.yml': 'name: a\ntargets:\n  a:\n    main: a.cr\n', 'shard.lock': '' },
      ['shard.yml', 'shard.lock'],
    ],
    ['PHP', { 'composer.json': '{"require":{"php":"8.3"}}' }, ['composer.json']],
  ])('%s is certain', (_language, files: Readonly<Record<string, string>>, inputs) => {
    expect(hintsOf(files).installInputs).toEqual(inputs);
  });

  it.each([
    ['Go with a local module', { 'go.mod': 'replace a => ../a' }],
    ['Go with a workspace', { 'go.mod': '', 'go.work': '' }],
    [
      'Crystal with a local shard',
      { 'shard.yml': 'name: a\ntargets:\n  a: {}\ndependencies:\n  b:\n    path: ../b\n' },
    ],
    ['PHP with scripts', { 'composer.json': '{"require":{},"scripts":{}}' }],
    ['PHP with Node', { 'composer.json': '{"require":{}}', 'package.json': '{}' }],
    ['C#', { 'a.csproj': '' }],
    ['Ruby', { Gemfile: '', '.ruby-version': '3.3.0' }],
    ['Elixir', { 'mix.exs': '' }],
    ['Haskell', { 'package.yaml': 'executables: {a: {}}', 'a.hs': '' }],
    ['Rust', { 'Cargo.toml': '[package]\nname = "a"' }],
  ])('%s is not', (_language, files: Readonly<Record<string, string>>) => {
    const hints = hintsOf(files);
    expect(hints.installInputs).toBeUndefined();
    expect(hints.installInputsReason).toEqual(expect.any(String));
  });
});

describe('installInputs of a changed plan', () => {
  it('go when the install command is replaced', () => {
    expect(hintsOf(manifest({}), ['NIXPACKS_INSTALL_CMD=make deps'])).toMatchObject({
      installInputsReason: expect.stringMatching(/^the install command was replaced/) as string,
    });
  });

  it('go when install waits for a phase of the author', () => {
    const toml =
      '[phases.prepare]\ncmds = ["./gen.sh"]\n[phases.install]\ndependsOn = ["...", "prepare"]\n';
    expect(hintsOf({ ...manifest({}), 'nixpacks.toml': toml }).installInputsReason).toMatch(
      /prepare/,
    );
  });

  it('go when several providers install', () => {
    const files = {
      ...manifest({}),
      'main.py': '',
      'nixpacks.toml': 'providers = ["node", "python"]',
    };
    expect(hintsOf(files).installInputsReason).toMatch(/several/);
  });

  it('stay for phases after it', () => {
    expect(hintsOf({ ...manifest({}), Procfile: 'release: migrate' }).installInputs).toEqual([
      'package.json',
    ]);
  });
});

describe('other hints', () => {
  it('drop dev dependencies with npm, unless the start needs them', () => {
    const started = (start: string, devDependencies = {}): string | undefined =>
      hintsOf(manifest({ scripts: { start }, devDependencies })).dropDevDependencies;
    expect(started('node dist/server.js', { typescript: '5' })).toBe('npm prune --omit=dev');
    expect(started('tsx src/server.ts', { tsx: '4' })).toBeUndefined();
    expect(started('tsc && node .', { typescript: '5' })).toBeUndefined();
    expect(
      hintsOf({ ...manifest({ scripts: { start: 's' } }), 'yarn.lock': '' }).dropDevDependencies,
    ).toBeUndefined();
  });

  it.each([
    [{ 'index.html': '' }, [80]],
    [{ 'index.php': '' }, [80]],
    [{ 'a.csproj': '' }, [3000]],
    [{ Gemfile: '', '.ruby-version': '3.3.0', 'config.ru': '' }, [3000]],
    [{ Gemfile: '', '.ruby-version': '3.3.0', Rakefile: '' }, undefined],
    [manifest({ scripts: { start: 's' } }), undefined],
    [manifest({ dependencies: { vite: '6', react: '19' } }), [3000]],
  ])(
    'know ports only where a provider sets them: %j',
    (files: Readonly<Record<string, string>>, ports) => {
      expect(hintsOf(files).ports).toEqual(ports);
    },
  );

  it('name setup commands that only prepare for Nix packages', () => {
    expect(hintsOf({ 'index.html': '' }).setupCommands).toEqual([
      'mkdir /etc/nginx/ /var/log/nginx/ /var/cache/nginx/',
    ]);
  });

  it('name what the started program writes outside its directory', () => {
    expect(hintsOf({ 'index.php': '' }).writable).toEqual(['/nginx.conf']);
    expect(hintsOf({ 'index.php': '', 'nginx.conf': '' }).writable).toBeUndefined();
  });
});

describe('installInputs of a command of the user', () => {
  const NODE = { ...manifest({}), 'yarn.lock': '', 'patches/a.patch': '', 'src/a.ts': '' };
  const withInstall = (cmd: string, installFiles: readonly string[] = []): Hints =>
    generatePlan(memoryTree(NODE), {
      plan: { phases: { install: { dependsOn: ['setup'], cmds: [cmd] } } },
      installFiles,
    }).hints;

  it.each([
    'npm i -g yarn@1 && yarn install',
    'corepack enable && yarn install --immutable',
    'yarn',
    'npm install --legacy-peer-deps --no-audit',
    'npm install -g pnpm@9 @scope/tool && pnpm i --frozen-lockfile --shamefully-hoist=true',
  ])('are the usual ones for %j', (cmd) => {
    expect(withInstall(cmd).installInputs).toEqual(['package.json', 'yarn.lock']);
  });

  it.each([
    'yarn install && yarn build',
    'npm install ./libs/a',
    'yarn --cwd web install',
    'npm i --prefix=web',
    'yarn install; node setup.js',
    'bash install.sh',
    'yarn install $(cat list)',
  ])('are not certain for %j', (cmd) => {
    expect(withInstall(cmd).installInputs).toBeUndefined();
    expect(withInstall(cmd).installInputsReason).toMatch(/install_files/);
  });

  it('are what install_files says, when it is there', () => {
    const hints = withInstall('bash install.sh', ['package.json', 'patches', '*.lock', 'absent']);
    expect(hints.installInputs).toEqual(['package.json', 'patches', 'yarn.lock']);
  });
});

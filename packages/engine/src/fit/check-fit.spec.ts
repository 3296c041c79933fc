import { memoryTree, UserError } from '@nx-nixpack/base';
import { digestOf } from '@nx-nixpack/oci';
import { generatePlan, sourceTree } from '@nx-nixpack/plan';
import { lower } from '../recipe/lower.js';
import type { BaseFacts, LowerSettings } from '../recipe/settings.js';
import { basePrograms } from './base-programs.js';
import { checkFit } from './check-fit.js';

type Files = Readonly<Record<string, string>>;

const SETTINGS: LowerSettings = {
  toolchain: 'base',
  user: '65532:65532',
  ...{ env: {}, buildEnv: {}, secrets: [], network: {}, ports: [], labels: {} },
  devDependencies: { drop: false, reason: 'none' },
  ...{ sourceDirectory: '', created: 0, cacheScope: 'x' },
};

const BASH = { 'usr/bin/bash': '' };
const NODE = (version: string): Files => {
  const [major, minor, patch] = version.split('.');
  const header = `#define NODE_MAJOR_VERSION ${major}\n#define NODE_MINOR_VERSION ${minor}\n#define NODE_PATCH_VERSION ${patch}\n`;
  return {
    ...{ 'usr/local/bin/node': '', 'usr/local/bin/npm': '', 'usr/local/bin/npx': '' },
    'usr/local/include/node/node_version.h': header,
  };
};
const dpkg = (...packages: readonly (readonly [string, string])[]): Files => ({
  'var/lib/dpkg/status': packages
    .map(
      ([name, version]) => `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\n`,
    )
    .join('\n'),
});
const PYTHON = (version: string): Files => ({
  ...{ 'usr/bin/python': '', 'usr/bin/python3': '' },
  ...dpkg(['python3', `${version}-1`]),
});
const GO = (version: string): Files => ({
  'usr/local/go/bin/go': '',
  'usr/local/go/VERSION': `go${version}\ntime x\n`,
});
const RUBY = (version: string): Files => ({
  ...{ 'usr/bin/ruby': '', 'usr/bin/bundle': '', 'usr/bin/gem': '' },
  ...dpkg([`ruby${version.split('.').slice(0, 2).join('.')}`, `${version}-1`]),
});
const JAVA = (version: string): Files => ({
  'opt/java/bin/java': '',
  'opt/java/release': `JAVA_VERSION="${version}"\n`,
});
const PATH = '/usr/local/go/bin:/opt/java/bin:/usr/local/sbin:/usr/local/bin:/usr/bin:/bin';

function factsOf(files: Files): BaseFacts {
  const config = { Env: [`PATH=${PATH}`] };
  const tree = memoryTree({ ...BASH, ...files });
  const programs = basePrograms(tree, config);
  const digest = digestOf(JSON.stringify(files));
  return { config, hasBash: true, passwd: '', group: '', digest, ...(programs && { programs }) };
}

/** The messages about a source on its bases; none when it fits. */
function said(source: Files, build: Files, run?: Files): readonly string[] {
  const { plan, hints } = generatePlan(sourceTree(memoryTree(source), { name: 'x' }), {
    toolchain: 'base',
  });
  const bases = { build: factsOf(build), ...(run && { run: factsOf(run) }) };
  try {
    checkFit(lower(plan, hints, SETTINGS, bases), hints, bases);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'BASE_UNFIT') throw error;
    return error.problems.map(({ message, hint }) => `${message}. ${hint}`);
  }
  return [];
}

const node = (more: object = {}): Files => ({
  'package.json': JSON.stringify({ name: 'x', scripts: { start: 'node .' }, ...more }),
  'package-lock.json': '{}',
});
const python = (more: Files = {}): Files => ({ 'main.py': '', 'requirements.txt': '', ...more });
const ruby = (more: Files = {}): Files => ({
  Gemfile: '',
  'Gemfile.lock': '',
  'config/environment.rb': '',
  Procfile: 'web: bundle exec puma',
  ...more,
});
const goMod = (version = '1.22'): Files => ({
  'go.mod': `module x\n\ngo ${version}\n`,
  'main.go': 'package main',
});

it.each<[string, Files, Files, RegExp, Files?]>([
  [
    'node without node',
    node(),
    PYTHON('3.11.2'),
    /has no npm.*it has python 3\.11\.2, python3 3\.11\.2/,
  ],
  [
    'another Node than engines',
    node({ engines: { node: '20' } }),
    NODE('22.3.0'),
    /has npm|node 22\.3\.0.*engines.*20|asks for 20/,
  ],
  [
    'another Node than .nvmrc',
    { ...node(), '.nvmrc': '18.20.4\n' },
    NODE('18.19.0'),
    /18\.19\.0.*\.nvmrc asks for 18\.20\.4/,
  ],
  [
    'yarn',
    { 'package.json': '{"scripts":{"start":"node ."}}', 'yarn.lock': '' },
    NODE('22.3.0'),
    /has no yarn/,
  ],
  [
    'pnpm',
    {
      'package.json': '{"scripts":{"start":"node ."}}',
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
    },
    NODE('22.3.0'),
    /has no pnpm/,
  ],
  [
    'bun',
    { 'package.json': '{"scripts":{"start":"bun ."}}', 'bun.lockb': '' },
    NODE('22.3.0'),
    /has no bun/,
  ],
  ['python without python', python(), NODE('22.3.0'), /has no python.*it has node 22\.3\.0, npm/],
  [
    'python as python3 alone',
    python(),
    { 'usr/bin/python3': '', ...dpkg(['python3', '3.11.2-1']) },
    /has no python.*it has python3 3\.11\.2/,
  ],
  [
    'another Python than .python-version',
    python({ '.python-version': '3.12\n' }),
    PYTHON('3.11.2'),
    /has python 3\.11\.2, and \.python-version asks for 3\.12/,
  ],
  ['go without go', goMod(), NODE('22.3.0'), /has no go/],
  ['an old Go', goMod('1.20'), GO('1.19.8'), /has go 1\.19\.8, and go\.mod asks for 1\.20/],
  ['ruby without ruby', ruby(), PYTHON('3.11.2'), /has no bundle|has no ruby|has no gem/],
  [
    'another Ruby',
    ruby({ '.ruby-version': '3.3.1\n' }),
    RUBY('3.1.2'),
    /ruby 3\.1\.2|asks for 3\.3\.1/,
  ],
  [
    'a run image without node',
    node(),
    NODE('22.3.0'),
    /The run_image has no npm.*it has none of the programs that plans run/,
    {},
  ],
  [
    'a run image with another Node',
    { ...node(), Procfile: 'web: node main.js', '.nvmrc': '22\n' },
    NODE('22.3.0'),
    /The run_image has node 20\.1\.0, and \.nvmrc asks for 22/,
    NODE('20.1.0'),
  ],
  ['maven without java', { 'pom.xml': '<project/>' }, NODE('22.3.0'), /has no (?:mvn|java)/],
  [
    'an old Java',
    {
      'pom.xml':
        '<project><properties><maven.compiler.release>21</maven.compiler.release></properties></project>',
    },
    { ...JAVA('17.0.9'), 'usr/bin/mvn': '' },
    /java 17\.0\.9.*asks for >=21/,
  ],
  ['php without php', { 'index.php': '' }, PYTHON('3.11.2'), /has no (?:nginx|php)/],
  ['a static site without a server', { 'index.html': '' }, PYTHON('3.11.2'), /has no nginx/],
  [
    'deno',
    { 'deno.json': '{}', 'main.ts': 'Deno.serve(() => new Response())' },
    NODE('22.3.0'),
    /has no deno/,
  ],
  ['elixir', { 'mix.exs': 'defmodule X do\nend\n' }, NODE('22.3.0'), /has no mix/],
  [
    'rust',
    { 'Cargo.toml': '[package]\nname = "x"\nversion = "1.0.0"\n', 'src/main.rs': '' },
    NODE('22.3.0'),
    /has no cargo/,
  ],
])('names what is unfit: %s', (_, ...[source, build, wanted, run]) => {
  const messages = said(source, build, run);
  expect(messages.join('\n')).toMatch(wanted);
  expect(messages.join('\n')).toMatch(
    /Name a (?:build|run)_image that has it, write toolchain: debian/,
  );
  expect(messages.join('\n')).not.toMatch(/nodejs_|python3\d\d|_\d_\d/);
});

it.each<[string, Files, Files, Files?]>([
  ['node', node({ engines: { node: '>=18 <23' } }), NODE('22.3.0')],
  [
    'yarn, which the plan brings itself',
    {
      'package.json': '{"packageManager":"yarn@4.1.0","scripts":{"start":"node ."}}',
      'yarn.lock': '',
    },
    { ...NODE('22.3.0'), 'usr/local/bin/corepack': '' },
  ],
  [
    'python and its minor',
    python({ 'runtime.txt': 'python-3.11.9' }),
    { 'usr/bin/python': { link: 'python3.11' } as never, 'usr/bin/python3.11': '' },
  ],
  ['a Go that fetches its successor', goMod('1.24'), GO('1.22.1')],
  ['ruby', ruby({ '.ruby-version': '3.1.2\n' }), RUBY('3.1.2')],
  ['a program on a bare run image', goMod(), GO('1.22.1'), {}],
  [
    'a base whose profile leads elsewhere',
    node(),
    { 'root/.profile': 'export PATH=$HOME/.volta/bin:$PATH\n' },
  ],
])('says nothing of what fits: %s', (_, ...[source, build, run]) => {
  expect(said(source, build, run)).toEqual([]);
});

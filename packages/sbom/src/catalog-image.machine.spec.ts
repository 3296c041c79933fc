import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { catalogImage } from './catalog-image.js';
import { FORMATS } from './formats/index.js';
import type { PackageGraph, PackageType } from './package-graph.js';
import { diskTree } from '@nx-nixpack/testing';
import { ABOUT } from './catalog-image.sample.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sbom-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const env = {
  ...process.env,
  NPM_CONFIG_PRODUCTION: undefined,
  GOFLAGS: '-mod=mod',
  GOTOOLCHAIN: 'local',
};
const run = (cwd: string, command: string, ...args: string[]): string =>
  execFileSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 2 ** 28,
  });

function write(path: string, content: string | object): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}

function catalog(only?: readonly string[]): PackageGraph {
  const graph = catalogImage(diskTree(only ? '/' : root, only), ABOUT);
  const [format] = FORMATS;
  expect(format?.check(format.write(graph))).toEqual([]);
  expect(graph.problems).toEqual([]);
  return graph;
}

const namesOf = (graph: PackageGraph, type: PackageType): string[] =>
  graph.packages
    .filter((one) => one.type === type)
    .map((one) => `${one.name}@${one.version}`)
    .sort();
const distinct = (names: readonly string[]): string[] => [...new Set(names)].sort();

interface Listed {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, Listed>>;
}

/** name@version of everything that `npm ls --long` shows as installed. */
function listedByNpm(listed: Listed): string[] {
  return Object.values(listed.dependencies ?? {}).flatMap((one) => [
    ...(one.name !== undefined ? [`${one.name}@${one.version ?? ''}`] : []),
    ...listedByNpm(one),
  ]);
}

it('lists node_modules as npm does: workspace members, aliases, optional and bundled dependencies', () => {
  write('bundler/package.json', {
    name: 'bundler',
    version: '1.0.0',
    dependencies: { inner: '1.0.0' },
    bundleDependencies: ['inner'],
  });
  write('bundler/node_modules/inner/package.json', { name: 'inner', version: '1.0.0' });
  run(join(root, 'bundler'), 'npm', 'pack', '--silent');
  write('app/libs/money/package.json', {
    name: '@shop/money',
    version: '0.1.0',
    dependencies: { ms: '2.1.2' },
  });
  write('app/package.json', {
    name: 'app',
    version: '1.0.0',
    workspaces: ['libs/*'],
    dependencies: {
      express: '^4',
      low: 'npm:lodash@^4',
      '@nestjs/common': '^10',
      'reflect-metadata': '^0.1',
      rxjs: '^7',
      bundler: 'file:../bundler/bundler-1.0.0.tgz',
    },
    optionalDependencies: { fsevents: '^2', chokidar: '^3' },
  });
  const app = join(root, 'app');
  run(app, 'npm', 'install', '--omit=dev', '--ignore-scripts', '--no-audit');
  rmSync(join(root, 'bundler'), { recursive: true });

  const graph = catalog();
  const listed = JSON.parse(
    run(app, 'npm', 'ls', '--all', '--omit=dev', '--json', '--long'),
  ) as Listed;
  expect(namesOf(graph, 'npm')).toEqual(distinct(listedByNpm(listed)));
  const sbom = JSON.parse(run(app, 'npm', 'sbom', '--omit=dev', '--sbom-format=cyclonedx')) as {
    dependencies: { dependsOn: string[] }[];
  };
  const edges = new Set(
    sbom.dependencies.flatMap((one, from) => one.dependsOn.map((to) => `${from} ${to}`)),
  );
  expect(graph.edges.length).toBeGreaterThanOrEqual(edges.size);
});

it('lists a virtual environment as pip does', () => {
  run(root, 'python3', '-m', 'venv', 'opt/venv');
  const pip = join(root, 'opt/venv/bin/pip');
  run(root, pip, 'install', '--quiet', '--disable-pip-version-check', 'flask', 'setuptools');
  const listed = JSON.parse(
    run(root, pip, 'list', '--format=json', '--disable-pip-version-check'),
  ) as Listed[];
  expect(namesOf(catalog(), 'pypi')).toEqual(
    distinct(listed.map((one) => `${one.name}@${one.version}`)),
  );
});

it('lists an executable’s modules as go does', () => {
  write(
    'src/go.mod',
    'module example.com/shop/worker\n\ngo 1.21\n\nrequire example.com/local v0.0.0\n\nreplace example.com/local => ./local\n',
  );
  write('src/local/go.mod', 'module example.com/local\n\ngo 1.21\n');
  write('src/local/local.go', 'package local\n\nconst Name = "local"\n');
  write(
    'src/main.go',
    'package main\n\nimport (\n\t"example.com/local"\n\t"golang.org/x/text/language"\n)\n\nfunc main() { println(local.Name, language.English.String()) }\n',
  );
  run(join(root, 'src'), 'go', 'mod', 'tidy');
  run(join(root, 'src'), 'go', 'build', '-o', join(root, 'app/out'), '.');
  rmSync(join(root, 'src'), { recursive: true });
  const lines = run(root, 'go', 'version', '-m', 'app/out')
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const modules = lines
    .filter(([kind]) => kind === 'mod' || kind === 'dep')
    .map(([, path, version]) => `${path}@${version?.replace('(devel)', '')}`);
  const toolchain = lines[0]?.[1]?.replace(/^go/, '');
  expect(namesOf(catalog(), 'golang')).toEqual(distinct([...modules, `stdlib@${toolchain}`]));
});

/** The package of the npm registry that unit specs run on as well. */
const OFFICIAL_NODE = join(__dirname, '../../../tools/node-versions/node_modules/node22');

it('lists an official Node.js with its npm as two components', () => {
  cpSync(join(OFFICIAL_NODE, 'bin/node'), join(root, 'usr/local/bin/node'), { recursive: true });
  write('pack/package.json', { name: 'pack', version: '1.0.0' });
  run(join(root, 'pack'), 'npm', 'install', '--ignore-scripts', '--no-audit', 'npm@10');
  cpSync(join(root, 'pack/node_modules/npm'), join(root, 'usr/local/lib/node_modules/npm'), {
    recursive: true,
  });
  rmSync(join(root, 'pack'), { recursive: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
  const { version } = JSON.parse(
    readFileSync(join(OFFICIAL_NODE, 'package.json'), 'utf8'),
  ) as Listed;
  expect(catalog().packages.map((one) => one.purl)).toEqual([
    `pkg:generic/node@${version}`,
    expect.stringMatching(/^pkg:npm\/npm@10\./),
  ]);
});

describe('the Debian packages of this machine', () => {
  const shown = ['etc/os-release', 'usr/lib/os-release', 'var/lib/dpkg/', 'usr/share/doc/'];

  it('are listed as dpkg does', () => {
    const graph = catalogImage(diskTree('/', shown), ABOUT);
    const listed = run(
      '/',
      'dpkg-query',
      '--show',
      '--showformat=${Package}@${Version} ${db:Status-Status}\n',
    ).split('\n');
    const installed = listed
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0] ?? '');
    expect(namesOf(graph, 'deb')).toEqual(distinct(installed));
  });
});

/** CPU seconds, the shortest of three: others on the machine make it longer, never shorter. */
function seconds(work: () => void): number {
  const once = (): number => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
  return Math.min(once(), once(), once());
}

// How much longer ten times as much takes does not depend on the machine: about ten times, a quadratic check a hundred.
it('writes and checks ten thousand components in ten times what a thousand take', () => {
  const [format] = FORMATS;
  if (format === undefined) throw new Error('there is a format');
  const timesOf = (count: number): readonly [number, number] => {
    const graph = manyPackages(count);
    const document = format.write(graph);
    return [
      seconds(() => format.write(graph)),
      seconds(() => expect(format.check(document)).toEqual([])),
    ];
  };
  const [write, check] = timesOf(1000);
  const [writeMany, checkMany] = timesOf(10_000);
  expect(writeMany / write).toBeLessThan(40);
  expect(checkMany / check).toBeLessThan(40);
});

function manyPackages(count: number): PackageGraph {
  const id = (index: number): string => `pkg:npm/p${index}@1.0.0`;
  const packages = Array.from({ length: count }, (_, index) => ({
    id: id(index),
    type: 'npm' as const,
    name: `p${index}`,
    version: '1.0.0',
    purl: id(index),
    licenses: { declared: [{ kind: 'id', id: 'MIT' } as const] },
    hashes: [{ algorithm: 'sha-512', hex: 'ab'.repeat(64) } as const],
    evidence: [
      { path: `/app/node_modules/p${index}/package.json`, technique: 'manifest-analysis' as const },
    ],
    aliases: [],
    properties: {},
  }));
  const edges = packages
    .slice(1)
    .map((one, index) => ({ from: id(index >> 1), to: one.id, kind: 'runtime' as const }));
  return {
    ...ABOUT,
    packages,
    edges,
    coverage: [{ ecosystem: 'npm', status: 'complete' }],
    problems: [],
  };
}

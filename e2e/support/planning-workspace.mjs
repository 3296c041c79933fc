import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { nxEnvironment } from '../../tools/demo/run-nx.mjs';
import { root } from '../../tools/root.mjs';
import { json, program, succeed } from './workspace.mjs';

const require = createRequire(join(root, 'packages', 'sdk', 'package.json'));

export const DEPLOYMENT = 'deployments/shop.yaml';
const IDENTITY = ['-c', 'user.name=shop', '-c', 'user.email=shop@example.com'];

/** What a team has before it knows of nx-nixpack: a Go module, a static site and a package with a name of its own. */
const FILES = {
  'package.json': JSON.stringify({
    name: '@shop/source',
    version: '1.0.0',
    private: true,
    workspaces: ['services/*'],
  }),
  'nx.json': JSON.stringify({ analytics: false, neverConnectToCloud: true }),
  '.gitignore': 'node_modules\n.nx\n',
  'services/worker/go.mod': 'module example.com/worker\n\ngo 1.19\n',
  'services/worker/main.go': 'package main\n\nfunc main() { println("worker") }\n',
  'services/web/Staticfile': 'root: .\n',
  'services/web/index.html': '<h1>shop</h1>\n',
  'services/api/package.json': JSON.stringify({
    name: '@shop/api',
    version: '1.0.0',
    scripts: { start: 'node main.js' },
  }),
  'services/api/main.js': 'console.log("api");\n',
};

const component = (name, { source = name, dependsOn = [] } = {}) => `
      ${name}:
        metadata: { depends_on: ${JSON.stringify(dependsOn)} }
        vars:
          source: ./services/${source}
          image: { registry: '{{ context.registry }}', name: shop/${name}, tag: 'v-{{ git.sha }}' }
        settings:
          nixpack:
            toolchain: base
            build_image: oci:.bases/tiny
            run_image: oci:.bases/tiny`;

const TARGETS = `
  targets:
    dev: { labels: { environment: dev }, context: { registry: 'dev.example.com' } }
    prod: { labels: { environment: prod }, context: { registry: 'prod.example.com' } }
`;

/** A deployment file with the components of the shop and, if wanted, more on the same sources. */
export function deploymentFile(...more) {
  const components = [
    component('api'),
    component('worker', { dependsOn: ['api'] }),
    component('web', { dependsOn: ['api', 'nixpack/worker'] }),
    ...more.map(([name, options]) => component(name, options)),
  ];
  return `deployment:
  name: shop
  context: { default_target: dev }
  components:
    nixpack:${components.join('')}
${TARGETS.slice(1)}`;
}

/** An Nx workspace made by hand, in which images are planned but not built. */
export class PlanningWorkspace {
  #registry;
  #start;

  /**
   * @param {{ directory: string, registry: import('./verdaccio.mjs').NpmRegistry, start(child: unknown): void }} options
   *   directory: the one above it is the workspace's too; start: called with each Nx that runs
   */
  constructor({ directory, registry, start }) {
    this.directory = directory;
    this.#registry = registry;
    this.#start = start;
  }

  get #scratch() {
    return dirname(this.directory);
  }

  async create({ nx, devkit }) {
    for (const [path, text] of Object.entries(FILES)) this.write(path, text);
    this.write(DEPLOYMENT, deploymentFile());
    const { Image, writeLayout } = require('@nx-nixpack/oci');
    await writeLayout(Image.scratch('linux/amd64'), this.path('.bases', 'tiny'));
    await this.#registry.npm(
      [
        ...['install', '--save-dev', '--save-exact', `nx@${nx}`],
        ...(devkit ? [`@nx/devkit@${devkit}`] : []),
      ],
      this.directory,
    );
    await this.git('init', '-q', '-b', 'main');
  }

  path(...parts) {
    return join(this.directory, ...parts);
  }

  write(path, text) {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  read(path) {
    return readFileSync(this.path(path), 'utf8');
  }

  /** Writes files, calls the body and puts back what was there. */
  async with(files, body) {
    const before = Object.keys(files).map((path) => [path, this.read(path)]);
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    try {
      return await body();
    } finally {
      for (const [path, text] of before) this.write(path, text);
    }
  }

  git(...args) {
    return succeed('git', [...IDENTITY, ...args], { cwd: this.directory });
  }

  async commit(message) {
    await this.git('add', '-A');
    await this.git('commit', '-q', '--allow-empty', '-m', message);
  }

  /** Runs Nx as a user of this workspace would, with caches of its own. */
  nx(args, extra = {}) {
    const bin = this.path('node_modules', 'nx', 'dist', 'bin', 'nx.js');
    const env = nxEnvironment({
      ...this.#registry.environment(),
      NX_CACHE_DIRECTORY: this.path('.nx', 'cache'),
      NX_NATIVE_FILE_CACHE_DIRECTORY: join(this.#scratch, 'native'),
      NX_NIXPACK_STORE: join(this.#scratch, 'store'),
      NO_COLOR: '1',
      ...extra,
    });
    return program(process.execPath, [bin, ...args], {
      cwd: this.directory,
      env,
      start: this.#start,
    });
  }

  async nxSucceeds(args, extra) {
    const { code, output } = await this.nx(args, extra);
    if (code !== 0)
      throw new Error(`nx ${args.join(' ')} ended with ${code}:\n${output.slice(-6000)}`);
    return output;
  }

  async project(name) {
    const output = await this.nxSucceeds(['show', 'project', name, '--json']);
    return JSON.parse(output.slice(output.indexOf('{')));
  }

  /** The project graph, or the task graph of a run. */
  async graph(...run) {
    const file = join(this.#scratch, 'graph.json');
    await this.nxSucceeds(
      run.length === 0 ? ['graph', `--file=${file}`] : [...run, `--graph=${file}`],
    );
    return json(file);
  }

  /** Ids of the tasks of the last run, sorted. */
  lastTasks() {
    const { tasks } = json(this.path('.nx', 'cache', 'run.json'));
    return tasks.map(({ taskId }) => taskId).sort();
  }

  record(name, file) {
    return this.read(`dist/nixpack/shop/nixpack/${name}/plan/${file}`);
  }
}

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nxEnvironment } from '../../tools/demo/run-nx.mjs';
import { json, program, succeed } from './workspace.mjs';

const NX = '23.2.1';
const IDENTITY = ['-c', 'user.name=x', '-c', 'user.email=x@example.com'];

/** Installs the published plugin as a user would. Returns node_modules, which the workspaces of all examples share. */
export async function installPlugin(directory, npm) {
  mkdirSync(directory);
  const packages = [`nx@${NX}`, `@nx/devkit@${NX}`, 'nx-nixpack'];
  writeFileSync(join(directory, 'package.json'), '{ "name": "installed", "private": true }');
  await npm.npm(['install', '--save-dev', '--save-exact', ...packages], directory);
  return join(directory, 'node_modules');
}

const FILES = {
  'package.json': JSON.stringify({ name: 'source', version: '1.0.0', private: true }),
  'nx.json': JSON.stringify({
    analytics: false,
    neverConnectToCloud: true,
    plugins: ['nx-nixpack'],
  }),
  '.gitignore': 'node_modules\n.nx\ndist\n',
  'assets/logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
};

/** A service in Node that has whatever an example may ask of its source: a lock, a build, a configuration of nixpacks. */
function service(name) {
  const manifest = { name, version: '1.0.0' };
  const lock = { ...manifest, lockfileVersion: 3, packages: { '': manifest } };
  const build = 'mkdir -p dist && cp main.js dist/main.js';
  return {
    'package.json': JSON.stringify({ ...manifest, scripts: { build, start: 'node main.js' } }),
    'package-lock.json': JSON.stringify(lock),
    'nixpacks.toml': '[variables]\nFROM_NIXPACKS_TOML = "yes"\n',
    'main.js': `console.log(${JSON.stringify(name)});\n`,
  };
}

/** An Nx workspace around one deployment file, with a source for each component. */
export class ExampleWorkspace {
  #directory;
  #scratch;
  #port;
  #start;

  /** `registry`: host and port; `start`: called with each program that is started. */
  constructor({ directory, scratch, registry, start }) {
    this.#directory = directory;
    this.#scratch = scratch;
    this.#port = registry.split(':')[1];
    this.#start = start;
  }

  async create(text, modules) {
    for (const [path, content] of Object.entries(FILES)) this.#write(path, content);
    for (const [, source] of text.matchAll(/^ *source: *(\S+)$/gm))
      for (const [path, content] of Object.entries(service(source.split('/').at(-1))))
        this.#write(join(source, path), content);
    this.#write('deployments/example.yaml', text);
    symlinkSync(modules, join(this.#directory, 'node_modules'));
    await this.#git('init', '-q', '-b', 'main');
    await this.#git('add', '-A');
    await this.#git('commit', '-q', '-m', 'all');
  }

  #write(path, content) {
    const file = join(this.#directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  #git(...args) {
    return succeed('git', [...IDENTITY, ...args], { cwd: this.#directory });
  }

  /** Runs Nx as a user of this workspace would. Throws with its output when it fails. */
  async nx(args, secrets = {}) {
    const bin = join(this.#directory, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
    const env = nxEnvironment({
      ...secrets,
      NX_NIXPACK_LOOPBACK_PORTS: this.#port,
      NX_NIXPACK_STORE: join(this.#scratch, 'store'),
      NX_CACHE_DIRECTORY: join(this.#directory, '.nx', 'cache'),
      NX_WORKSPACE_DATA_DIRECTORY: join(this.#directory, '.nx', 'workspace-data'),
      NX_NATIVE_FILE_CACHE_DIRECTORY: join(this.#scratch, 'native'),
      NO_COLOR: '1',
    });
    const options = { cwd: this.#directory, env, start: this.#start };
    const { code, output } = await program(process.execPath, [bin, ...args], options);
    if (code !== 0) throw new Error(`nx ${args.join(' ')} ended with ${code}:\n${output}`);
    return output;
  }

  /** `<deployment>/<type>/<name>` of each component that Nx has a task to build for. */
  async components() {
    const file = join(this.#scratch, 'graph.json');
    await this.nx(['graph', `--file=${file}`]);
    const projects = Object.values(json(file).graph.nodes).map(({ data }) => data);
    const tasks = projects.map(({ targets }) => targets['build-image']).filter(Boolean);
    return tasks.map(({ options }) => `${options.deployment}/${options.component}`);
  }

  /** What image.json of a component says of its only platform. */
  image(component) {
    const folder = join(this.#directory, 'dist', 'nixpack', component);
    return Object.values(json(join(folder, 'image', 'image.json')).platforms)[0];
  }
}

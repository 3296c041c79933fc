import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../tools/root.mjs';
import { nxEnvironment } from '../../tools/demo/run-nx.mjs';

export const COMPONENTS = ['api', 'worker', 'tools', 'web'];

export const json = (path) => JSON.parse(readFileSync(path, 'utf8'));

/**
 * Starts a program and collects what it prints. `start` is called with the child.
 *
 * @returns {Promise<{ code: number | null, signal: string | null, output: string }>}
 */
export function program(file, args, { cwd = root, env = process.env, start } = {}) {
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (output += chunk));
  start?.(child);
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code, signal) => done({ code, signal, output }));
  });
}

export async function succeed(file, args, options) {
  const result = await program(file, args, options);
  if (result.code !== 0)
    throw new Error(
      `${file} ${args.join(' ')} ended with ${result.code}:\n${result.output.slice(-6000)}`,
    );
  return result.output;
}

/** A working copy of the example, made by the demo, with what a test does to it. */
export class Workspace {
  constructor({ directory, store, registry }) {
    Object.assign(this, { directory, store, registry });
  }

  /** `npm run demo` on this working copy. Returns its JSON. */
  async demo({ env = {}, prefix = [] } = {}) {
    const file = `${this.directory}.json`;
    const command = [
      ...prefix,
      process.execPath,
      join(root, 'tools', 'demo.mjs'),
      '--registry',
      this.registry,
      '--store',
      this.store,
      '--workspace',
      this.directory,
      '--json',
      file,
    ];
    const output = await succeed(command[0], command.slice(1), { env: { ...process.env, ...env } });
    return { ...json(file), output };
  }

  #nxCommand(args) {
    return [
      process.execPath,
      join(this.directory, 'node_modules', 'nx', 'dist', 'bin', 'nx.js'),
      ...args,
    ];
  }

  get #options() {
    const extra = {
      NX_NIXPACK_STORE: this.store,
      NX_CACHE_DIRECTORY: join(this.directory, '.nx', 'cache'),
    };
    return { cwd: this.directory, env: nxEnvironment(extra) };
  }

  /** Runs Nx; `prefix` is a program that starts it, e.g. unshare. */
  nx(args, { prefix = [], start } = {}) {
    const command = [...prefix, ...this.#nxCommand(args)];
    return program(command[0], command.slice(1), { ...this.#options, start });
  }

  async nxSucceeds(args, options) {
    const { code, output } = await this.nx(args, options);
    if (code !== 0)
      throw new Error(`nx ${args.join(' ')} ended with ${code}:\n${output.slice(-6000)}`);
    return output;
  }

  /** What each task of the last run was: hit or miss, by task id. */
  lastRun() {
    const { tasks } = json(join(this.directory, '.nx', 'cache', 'run.json'));
    return Object.fromEntries(
      tasks.map(({ taskId, cacheStatus }) => [
        taskId,
        cacheStatus?.includes('cache-hit') ? 'hit' : 'miss',
      ]),
    );
  }

  path(...parts) {
    return join(this.directory, ...parts);
  }

  outputs(component, ...parts) {
    return this.path('dist', 'nixpack', 'shop', 'nixpack', component, ...parts);
  }

  /** What image.json says of the only platform. */
  image(component) {
    return Object.values(json(this.outputs(component, 'image', 'image.json')).platforms)[0];
  }

  digests() {
    return Object.fromEntries(COMPONENTS.map((name) => [name, this.image(name).digest]));
  }

  edit(path, change) {
    const file = this.path(path);
    const before = readFileSync(file, 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`the edit of ${path} changed nothing`);
    writeFileSync(file, after);
    return () => writeFileSync(file, before);
  }

  git(...args) {
    const identity = ['-c', 'user.name=shop', '-c', 'user.email=shop@example.com'];
    return succeed('git', [...identity, ...args], { cwd: this.directory });
  }
}

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { publishablePackages } from '../../tools/pack-plugin.mjs';
import { root } from '../../tools/root.mjs';
import { Scratch } from './scratch.mjs';
import { program, succeed } from './workspace.mjs';

const READY_WITHIN_MS = 60_000;
const VERDACCIO = join(root, 'node_modules', 'verdaccio', 'bin', 'verdaccio');
/** Loaded before verdaccio: it ends with whoever started it, however that ended. */
const END_WITH_PARENT =
  "data:text/javascript,process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))";

/**
 * An npm registry of our own on a free loopback port: our packages are published to it, all others come through it from the
 * registry that npm is configured with. Storage, npm cache and npm's user configuration lie in a directory that goes with it.
 */
export class NpmRegistry {
  #scratch = new Scratch('nixpack-npm-');
  #child;
  #output = '';

  /** `closed`: packages `@private/*` need an account, see `tokenFor`. */
  static async start({ closed = false } = {}) {
    const registry = new NpmRegistry();
    registry.closed = closed;
    try {
      await registry.#start();
    } catch (error) {
      await registry.stop();
      throw error;
    }
    return registry;
  }

  async #start() {
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}/`;
    const config = join(this.#directory, 'config.yaml');
    writeFileSync(config, configuration(this.#directory, await upstream(), this.closed));
    this.#writeUserConfig(port);
    const args = ['--import', END_WITH_PARENT, VERDACCIO, '-c', config, '-l', `127.0.0.1:${port}`];
    this.#child = spawn(process.execPath, args, {
      cwd: this.#directory,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream.on('data', (chunk) => (this.#output = (this.#output + chunk).slice(-4000)));
    this.#scratch.watch(this.#child);
    await this.#ready();
  }

  get #directory() {
    return this.#scratch.directory;
  }

  /** npm wants a token before it publishes, although nobody checks this one. */
  #writeUserConfig(port) {
    const lines = [
      `registry=${this.url}`,
      `//127.0.0.1:${port}/:_authToken=nobody`,
      `cache=${join(this.#directory, 'npm-cache')}`,
      'audit=false',
      'fund=false',
      'update-notifier=false',
    ];
    writeFileSync(join(this.#directory, 'npmrc'), `${lines.join('\n')}\n`);
  }

  async #ready() {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (Date.now() < deadline && this.#child.exitCode === null) {
      const answer = await fetch(`${this.url}-/ping`).catch(() => undefined);
      if (answer?.ok) return;
      await wait(100);
    }
    throw new Error(`verdaccio did not start:\n${this.#output}`);
  }

  /** The environment in which npm talks to this registry and leaves the developer's configuration and cache alone. */
  environment(base = process.env) {
    const kept = Object.entries(base).filter(([name]) => !/^npm_/i.test(name));
    return {
      ...Object.fromEntries(kept),
      NPM_CONFIG_USERCONFIG: join(this.#directory, 'npmrc'),
      NPM_CONFIG_REGISTRY: this.url,
      NO_PROXY: [base.NO_PROXY ?? base.no_proxy, '127.0.0.1'].filter(Boolean).join(','),
    };
  }

  /** A token of a new account. */
  async tokenFor(name, password) {
    const response = await fetch(`${this.url}-/user/org.couchdb.user:${name}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, password }),
    });
    const { token } = await response.json();
    if (token === undefined) throw new Error(`verdaccio gave no token (${response.status})`);
    return token;
  }

  /** Publishes every package that users get, as a release would. */
  async publishAll() {
    for (const folder of publishablePackages())
      await this.npm(['publish', '--registry', this.url], join(root, 'packages', folder));
  }

  /** Runs npm in a directory; throws with its output when it fails. */
  npm(args, cwd) {
    return succeed('npm', args, { cwd, env: this.environment(), start: this.#scratch.watch });
  }

  async stop() {
    const child = this.#child;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGKILL');
      await ended;
    }
    this.#scratch.remove();
  }
}

/** The registry of this machine, and the authorities that it is trusted by, are known to its npm alone. */
async function upstream() {
  const url = await npmSetting('registry', /^https?:\S+/m);
  if (url === undefined) throw new Error('npm has no registry configured');
  const authorities = await npmSetting('cafile', /^\/.+/m);
  return { url, ...(authorities === undefined ? {} : { ca: readFileSync(authorities, 'utf8') }) };
}

async function npmSetting(name, form) {
  const { output } = await program('npm', ['config', 'get', name, '--silent']);
  return form.exec(output)?.[0];
}

/** JSON is YAML. Only our own packages may be published; they never come from anywhere else. */
function configuration(directory, uplink, closed) {
  const storage = join(directory, 'storage');
  mkdirSync(storage);
  const members = { access: '$authenticated', publish: '$authenticated' };
  const own = { access: '$all', publish: '$all', unpublish: '$all' };
  return JSON.stringify({
    storage,
    auth: { htpasswd: { file: join(directory, 'htpasswd'), max_users: closed ? 10 : -1 } },
    uplinks: { upstream: { ...uplink, maxage: '30m', timeout: '60s', max_fails: 10, cache: true } },
    packages: {
      'nx-nixpack': own,
      '@nx-nixpack/*': own,
      ...(closed ? { '@private/*': members } : {}),
      '**': { access: '$all', proxy: 'upstream' },
    },
    web: { enable: false },
    max_body_size: '50mb',
    log: { type: 'stdout', format: 'pretty', level: 'warn' },
  });
}

/** Nobody may take the port between here and verdaccio's own bind; a clash shows as a registry that ends at once. */
function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

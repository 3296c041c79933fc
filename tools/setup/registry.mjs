import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError } from './command.mjs';

const READY_WITHIN_MS = 20_000;

/**
 * Starts Debian's docker-registry on a free loopback port and waits until it answers.
 *
 * @param {{ storage?: string, htpasswd?: string }} [options] storage: keep the blobs there; without it they go when the
 *   registry stops; htpasswd: a file of the accounts that it demands, with bcrypt hashes
 * @returns {Promise<{ address: string, log(): string, stop(): Promise<void> }>} address: host:port
 */
export async function startRegistry({ storage, htpasswd } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'nixpack-registry-'));
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const root = storage ?? join(directory, 'storage');
  mkdirSync(root, { recursive: true });
  const config = join(directory, 'config.yml');
  writeFileSync(config, configuration(address, root, htpasswd));
  const child = spawn('docker-registry', ['serve', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = keepLast(child);
  const ended = new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(`ended with ${signal ?? code}`));
  });
  const killOnExit = () => child.kill('SIGKILL');
  process.on('exit', killOnExit);
  const stop = async () => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 3000);
    await ended;
    clearTimeout(late);
    process.off('exit', killOnExit);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await ready(port, ended);
  } catch (error) {
    await stop();
    throw new SetupError(`docker-registry did not start: ${error.message}\n${output()}`);
  }
  return { address, log: output, stop };
}

/**
 * Calls the function with the address of a registry of its own and stops that registry, whatever happens.
 *
 * @template T
 * @param {(address: string) => Promise<T>} body
 * @param {{ storage?: string }} [options]
 * @returns {Promise<T>}
 */
export async function withRegistry(body, options) {
  const registry = await startRegistry(options);
  const interrupted = () => {
    void registry.stop().then(() => process.exit(130));
  };
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    return await body(registry.address);
  } finally {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    await registry.stop();
  }
}

const configuration = (address, root, htpasswd) => `version: 0.1
log: { level: warn, accesslog: { disabled: true } }
storage:
  filesystem: { rootdirectory: ${JSON.stringify(root)} }
  delete: { enabled: true }
  maintenance: { uploadpurging: { enabled: false } }
http:
  addr: ${address}
${htpasswd === undefined ? '' : `auth: { htpasswd: { realm: closed, path: ${JSON.stringify(htpasswd)} } }\n`}`;

/** Nobody may hold the port between here and the registry's own bind; a clash shows as a registry that ends at once. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function ready(port, ended) {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (await accepts(port)) return;
    const over = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 50))]);
    if (over !== undefined) throw new Error(over);
  }
  throw new Error(`no answer within ${READY_WITHIN_MS / 1000} s`);
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

function keepLast(child) {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (text = (text + chunk).slice(-4000)));
  return () => text;
}

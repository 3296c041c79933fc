import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isProgram, main, run, SetupError } from './command.mjs';

/**
 * Starts an image as a strict platform would, with programs that know nothing of ours: copied by skopeo, unpacked by
 * umoci, run by runc as the image's user with no capability, no new privileges and a network of its own (loopback
 * only). A server is asked once and then killed; any other program runs to its end. Needs root.
 *
 * @param {string} reference `host:port/name:tag` or `…@sha256:…` of a loopback registry, or `oci:PATH` of a layout
 * @param {{ httpPort?: number, path?: string, env?: Record<string, string>, timeoutMs?: number, inspect?: (rootfs: string) => unknown }} [options]
 *   httpPort: default: the port that the image exposes, if any; inspect: called with the unpacked root before the start
 * @returns {Promise<{ user: { uid: number, gid: number }, config: object, output: string, exitCode?: number,
 *   status?: number, body?: string, inspected?: unknown }>} exitCode: of a program that ended; status and body: of the HTTP answer
 */
export async function runImage(reference, options = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'nixpack-run-'));
  try {
    const { bundle, config } = await unpack(reference, directory);
    const inspected = await options.inspect?.(join(bundle, 'rootfs'));
    const spec = restrict(join(bundle, 'config.json'), options.env ?? {});
    const exposed = Object.keys(config.ExposedPorts ?? {})[0];
    const port = options.httpPort ?? (exposed === undefined ? undefined : Number.parseInt(exposed));
    const { uid, gid } = spec.process.user;
    const result = await start(bundle, { timeoutMs: 20_000, path: '/', ...options, port });
    return { user: { uid, gid }, config, ...result, ...(inspected !== undefined && { inspected }) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function unpack(reference, directory) {
  const layout = join(directory, 'layout');
  const source = reference.startsWith('oci:')
    ? [reference]
    : ['--src-tls-verify=false', `docker://${reference}`];
  await run('skopeo', ['--insecure-policy', 'copy', '--quiet', ...source, `oci:${layout}:image`]);
  const { stdout } = await run('skopeo', ['inspect', '--config', `oci:${layout}:image`]);
  const bundle = join(directory, 'bundle');
  await run('umoci', ['unpack', '--image', `${layout}:image`, bundle]);
  return { bundle, config: JSON.parse(stdout).config ?? {} };
}

/** umoci's bundle grants capabilities that images must not rely on. */
function restrict(file, env) {
  const spec = JSON.parse(readFileSync(file, 'utf8'));
  const { process: started, linux } = spec;
  started.terminal = false;
  started.noNewPrivileges = true;
  started.capabilities = {
    bounding: [],
    effective: [],
    inheritable: [],
    permitted: [],
    ambient: [],
  };
  for (const [name, value] of Object.entries(env)) {
    started.env = started.env.filter((pair) => !pair.startsWith(`${name}=`));
    started.env.push(`${name}=${value}`);
  }
  if (!linux.namespaces.some(({ type }) => type === 'network'))
    linux.namespaces.push({ type: 'network' });
  writeFileSync(file, JSON.stringify(spec));
  return spec;
}

let count = 0;

async function start(bundle, { port, path, timeoutMs }) {
  const id = `nixpack-${process.pid}-${count++}`;
  const child = spawn('runc', ['run', '--bundle', bundle, id], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (output = (output + chunk).slice(-100_000)));
  const ended = new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new SetupError(`runc did not start: ${error.message}`)));
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
  try {
    if (port === undefined)
      return { exitCode: await within(ended, timeoutMs, () => output), output };
    const answer = await ask({ id, port, path, ended, timeoutMs, output: () => output });
    return { ...answer, output };
  } finally {
    await run('runc', ['delete', '--force', id], { mayFail: true });
    child.kill('SIGKILL');
    await ended.catch(() => {});
  }
}

async function within(ended, timeoutMs, output) {
  let timer;
  const late = new Promise((_resolve, reject) => {
    const message = () => `the program did not end within ${timeoutMs / 1000} s\n${output()}`;
    timer = setTimeout(() => reject(new SetupError(message())), timeoutMs);
  });
  try {
    return await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks from inside the container's network, so that no port of the machine is taken. */
async function ask({ id, port, path, ended, timeoutMs, output }) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const over = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 100))]);
    if (over !== undefined)
      throw new SetupError(`the program ended with ${over} before it answered\n${output()}`);
    const answer = await request(id, port, path);
    if (answer !== undefined) return answer;
    if (Date.now() > deadline)
      throw new SetupError(`no answer on port ${port} within ${timeoutMs / 1000} s\n${output()}`);
  }
}

const CLIENT = `
  fetch(process.argv[1], { signal: AbortSignal.timeout(2000) })
    .then(async (answer) => console.log(JSON.stringify({ status: answer.status, body: await answer.text() })))
    .catch(() => process.exit(3));`;

async function request(id, port, path) {
  const state = await run('runc', ['state', id], { mayFail: true });
  if (state.code !== 0) return undefined;
  const { pid, status } = JSON.parse(state.stdout);
  if (status !== 'running') return undefined;
  const url = `http://127.0.0.1:${port}${path}`;
  const args = [`--net=/proc/${pid}/ns/net`, process.execPath, '-e', CLIENT, url];
  const { code, stdout } = await run('nsenter', args, { mayFail: true });
  return code === 0 ? JSON.parse(stdout) : undefined;
}

if (isProgram(import.meta.url))
  await main(async () => {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { port: { type: 'string' }, path: { type: 'string' } },
    });
    const [reference] = positionals;
    if (reference === undefined)
      throw new SetupError('usage: node tools/setup/run-image.mjs REFERENCE [--port N] [--path /]');
    const { port, path } = values;
    const options = { ...(port && { httpPort: Number(port) }), ...(path && { path }) };
    const { inspected: _, config: __, ...result } = await runImage(reference, options);
    console.log(JSON.stringify(result, null, 2));
  });

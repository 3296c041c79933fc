import type { Runner } from '@nx-nixpack/base';
import type { HttpAnswer, Listener } from '../../engine.js';
import { HOST_ENV } from '../programs.js';

/**
 * Asks HOST PORT PATH and prints the status of the answer; `0` when something came that is no HTTP, or the other side
 * closed the connection; nothing when nothing came within its MILLISECONDS. Redirects are answers.
 */
const GET = `
const [host, port, path, milliseconds] = process.argv.slice(1);
const end = (status) => { if (status !== undefined) console.log(status); process.exit(0); };
const headers = { host: 'localhost:' + port, accept: '*/*', 'user-agent': 'nx-nixpack' };
setTimeout(end, Number(milliseconds));
require('node:http')
  .get({ host, port, path, headers, agent: false }, ({ statusCode }) => end(statusCode))
  .on('error', ({ code }) => end(code === 'ECONNREFUSED' ? undefined : 0));
`;

const PATIENCE_MS = 5000;

/** One request to a listener, made inside its network. undefined: nothing came back. */
export async function httpGet(
  runner: Runner,
  enter: readonly string[],
  { address, port }: Listener,
  path: string,
): Promise<HttpAnswer | undefined> {
  const host = reachable(address);
  const [file = '', ...args] = [
    ...enter,
    ...[process.execPath, '-e', GET, host, String(port), path, String(PATIENCE_MS)],
  ];
  const { stdout } = await runner.run({ file, args, env: HOST_ENV });
  const said = stdout.toString('latin1').trim();
  if (said === '') return undefined;
  return { address, port, ...(said === '0' ? {} : { status: Number(said) }) };
}

const reachable = (address: string): string =>
  address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;

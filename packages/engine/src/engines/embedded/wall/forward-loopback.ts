import { closeSync, constants, openSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { untilLine } from './until-line.js';
import type { NetworkPorts } from './step-network.js';

/** Runs inside a step's network: what connects to a port there is passed to the socket file of that port. */
const INSIDE = `
const { connect, createServer } = require('node:net');
let waiting = process.argv.length - 1;
for (const port of process.argv.slice(1))
  createServer((one) => {
    const other = connect('forward-' + port);
    one.pipe(other).pipe(one);
    one.on('error', () => other.destroy());
    other.on('error', () => one.destroy());
  }).listen(Number(port), '127.0.0.1', () => { if (--waiting === 0) console.log('ready'); });
`;

/**
 * Lets steps reach some ports of this machine's loopback, and no others, on the same ports of their own: proxies and
 * mirrors that the machine's owner has configured for builds. A socket file is the only thing that both sides see.
 */
export async function forwardLoopback(
  { runner, private: directory, host }: NetworkPorts,
  enter: readonly string[],
): Promise<void> {
  const ports = [...new Set(host.loopbackPorts)];
  if (ports.length === 0) return;
  for (const port of ports) await passOn(directory, port);
  const [file = '', ...args] = [...enter, process.execPath, '-e', INSIDE, ...ports.map(String)];
  await untilLine(runner, { file, args, cwd: directory }, 'ready');
}

async function passOn(directory: string, port: number): Promise<void> {
  const server = createServer((one) => join(one, connect(port, '127.0.0.1')));
  // The name of a socket has room for 108 bytes only, which the path of a store may be longer than.
  const handle = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  await listening(server, `/proc/self/fd/${handle}/forward-${port}`);
  closeSync(handle);
  server.unref();
}

const listening = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject).listen(path, resolve);
  });

function join(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one);
  one.on('error', () => other.destroy());
  other.on('error', () => one.destroy());
}

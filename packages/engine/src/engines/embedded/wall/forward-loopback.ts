import { untilLine } from './until-line.js';
import type { NetworkPorts } from './step-network.js';

/** For each argument `HERE=THERE`: what connects to HERE is passed on to THERE. A number is a port of the loopback, a name a socket file. */
const PASS_ON = `
const { connect, createServer } = require('node:net');
const at = (name) => (/^\\d+$/.test(name) ? { host: '127.0.0.1', port: Number(name) } : { path: name });
const pairs = process.argv.slice(1).map((pair) => pair.split('=').map(at));
let waiting = pairs.length;
for (const [here, there] of pairs)
  createServer((one) => {
    const other = connect(there);
    one.pipe(other).pipe(one);
    one.on('error', () => other.destroy());
    other.on('error', () => one.destroy());
  }).listen(here, () => { if (--waiting === 0) console.log('ready'); });
`;

/**
 * Lets steps reach some ports of this machine's loopback, and no others, on the same ports of their own: proxies and
 * mirrors that the machine's owner has configured for builds. A socket file is the only thing that both sides see; its
 * name is relative, because it has room for 108 bytes only and the path of a store may be longer.
 */
export async function forwardLoopback(
  { runner, private: cwd, host }: NetworkPorts,
  enter: readonly string[],
): Promise<void> {
  const ports = [...new Set(host.loopbackPorts)];
  if (ports.length === 0) return;
  const start = async (before: readonly string[], pairs: readonly string[]): Promise<void> => {
    const [file = '', ...args] = [...before, process.execPath, '-e', PASS_ON, ...pairs];
    await untilLine(runner, { file, args, cwd }, 'ready');
  };
  await start(
    [],
    ports.map((port) => `forward-${port}=${port}`),
  );
  await start(
    enter,
    ports.map((port) => `${port}=forward-${port}`),
  );
}

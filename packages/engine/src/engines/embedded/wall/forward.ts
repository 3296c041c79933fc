import type { Runner } from '@nx-nixpack/base';
import { untilLine } from './until-line.js';
import type { Endpoint } from './own-endpoints.js';

/** For each argument `HERE=THERE`: what connects to HERE is passed on to THERE. `ADDRESS:PORT` or the name of a socket file. */
const PASS_ON = `
const { connect, createServer } = require('node:net');
const at = (name) => {
  const [host, port] = name.split(':');
  return port === undefined ? { path: name } : { host, port: Number(port) };
};
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
 * Lets steps reach some services of this machine, and no others, at the same addresses of their own. A socket file is the
 * only thing that both sides see; its name is relative, because it has room for 108 bytes only and the path of a store may
 * be longer.
 */
export async function forward(
  { runner, private: cwd }: { runner: Runner; private: string },
  enter: readonly string[],
  endpoints: readonly Endpoint[],
): Promise<void> {
  if (endpoints.length === 0) return;
  const start = async (before: readonly string[], pairs: readonly string[]): Promise<void> => {
    const [file = '', ...args] = [...before, process.execPath, '-e', PASS_ON, ...pairs];
    await untilLine(runner, { file, args, cwd }, 'ready');
  };
  const names = endpoints.map(({ address, port }) => `${address}:${port}`);
  await start(
    [],
    names.map((name, index) => `forward-${index}=${name}`),
  );
  await start(
    enter,
    names.map((name, index) => `${name}=forward-${index}`),
  );
}

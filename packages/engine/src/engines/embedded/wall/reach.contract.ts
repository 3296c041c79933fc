/**
 * What can be reached from the network of build steps, for the spec beside it: RELAY DIRECTORY OPEN-PORT ADDRESS:PORT….
 * To be started in namespaces of its own, which end what this leaves.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { execaRunner } from '../../../../../sdk/src/system/execa-runner.js';
import { NO_HOST } from '../../requests.contract.js';
import { HOST_ENV, runProgram } from '../programs.js';
import { openNetwork, RELAYS } from './step-network.js';

const CONNECT = `my ($address, $port) = split /:/, $ARGV[0]; socket(my $socket, 2, 1, 0); alarm 20;
  connect($socket, pack('SnC4x8', 2, $port, split /\\./, $address)) ? print scalar <$socket> : print $!;`;

async function main(
  name: string,
  directory: string,
  open: string,
  targets: string[],
): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const warnings: string[] = [];
  const warn = (text: string): void => void warnings.push(text);
  const host = { ...NO_HOST, resolvConf: 'search example.com\n', loopbackPorts: [Number(open)] };
  const ports = { runner: execaRunner, private: directory, host, warn };
  const relays = RELAYS.filter(({ program }) => program === name);
  const { enter, resolvConf } = await openNetwork(ports, relays);
  const run = (file: string, args: string[]) =>
    runProgram(
      execaRunner,
      enter[0] ?? file,
      [...enter.slice(1), ...(enter[0] ? [file] : []), ...args],
      {
        env: HOST_ENV,
      },
    );
  await run('ip', ['link', 'set', 'lo', 'up']);
  const answers: Record<string, string> = {};
  for (const target of targets)
    answers[target] = (await run('perl', ['-e', CONNECT, target])).stdout.toString('utf8').trim();
  console.log(JSON.stringify({ own: enter.length > 0, resolvConf, answers, warnings }));
  process.exit(0);
}

const [name = '', directory = '', open = '', ...targets] = process.argv.slice(2);
if (require.main === module) void main(name, join(directory, name), open, targets);

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaRunner } from '../../../../../sdk/src/system/execa-runner.js';
import { inNamespaces } from '../namespaces.js';
import { RELAYS } from './step-network.js';

const SOURCES = join(__dirname, '../../../../test-support/run-sources.cjs');
const REACH = join(__dirname, 'reach.contract.ts');

interface Answer {
  readonly own: boolean;
  readonly resolvConf: string;
  readonly answers: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

describe('the network of steps', () => {
  let directory: string;
  const servers: Server[] = [];
  beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'network-'))));
  afterAll(() => {
    for (const server of servers) server.close();
    rmSync(directory, { recursive: true });
  });

  const serve = (address: string): Promise<number> =>
    new Promise((resolve) => {
      const server = createServer((one) => one.end('answered\n'));
      servers.push(server);
      server.listen(0, address, () => resolve((server.address() as AddressInfo).port));
    });

  const reach = async (relay: string, open: number, targets: string[]): Promise<Answer> => {
    const args = ['--conditions=@nx-nixpack/source', '--require', SOURCES, REACH];
    const program = {
      file: process.execPath,
      args: [...args, relay, directory, String(open), ...targets],
    };
    const { stdout, stderr } = await execaRunner.run({
      ...inNamespaces(program),
      env: { PATH: process.env['PATH'] ?? '' },
    });
    const last = stdout.toString('utf8').trim().split('\n').at(-1);
    if (!last) throw new Error(stderr.toString('utf8'));
    return JSON.parse(last) as Answer;
  };

  it.each(RELAYS.map(({ program }) => program))(
    '%s leads outward, and to this machine only where it is told to',
    async (relay) => {
      const [open, closed] = [await serve('127.0.0.1'), await serve('127.0.0.1')];
      const own = ownAddress();
      const everywhere = await serve('0.0.0.0');
      const targets = [`127.0.0.1:${open}`, `127.0.0.1:${closed}`, `${own}:${everywhere}`];
      const {
        own: apart,
        resolvConf,
        answers,
      } = await reach(relay, open, [...targets, '169.254.1.1:80']);
      expect(apart).toBe(true);
      expect(resolvConf).toMatch(/^nameserver \d+\.\d+\.\d+\.\d+\nsearch example\.com\n$/);
      const [first, ...others] = Object.values(answers);
      expect(first).toBe('answered');
      for (const answer of others) expect(answer).toMatch(/refused|denied|unreachable/);
    },
  );

  it('is that of the machine where no relay is there, and says so', async () => {
    const port = await serve('127.0.0.1');
    const { own, answers, warnings } = await reach('none', 1, [`127.0.0.1:${port}`]);
    expect(own).toBe(false);
    expect(Object.values(answers)).toEqual(['answered']);
    expect(warnings).toEqual([expect.stringMatching(/share the network.*slirp4netns/)]);
  });
});

/** An address of this machine that is not on its loopback. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const found = all.find(({ family, internal }) => family === 'IPv4' && !internal);
  return found?.address ?? '127.0.0.2';
}

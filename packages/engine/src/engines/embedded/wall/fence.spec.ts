import { scriptedRunner } from '@nx-nixpack/testing';
import { fence } from './fence.js';
import { namedEndpoints, ownAddresses } from './own-endpoints.js';

const METADATA = ['169.254.0.0/16', '168.63.129.16', '100.100.100.200'];
const host = (env: Record<string, string>, loopbackPorts: number[] = []) => ({
  resolvConf: '',
  hosts: '',
  env,
  aptSources: [],
  loopbackPorts,
});

const commandsFor = async (env: Record<string, string>, own: string[]): Promise<string[]> => {
  const runner = scriptedRunner({ nsenter: { exitCode: 0 } });
  await fence(runner, ['nsenter', '--net=file', '--'], own, namedEndpoints(host(env), own));
  return String(runner.commands[0]?.input).trim().split('\n');
};
const closed = (commands: string[]): string[] =>
  commands.flatMap((line) => /^route replace prohibit (.*)/.exec(line)?.[1] ?? []);

describe('fence', () => {
  it("closes the addresses of clouds' metadata and the machine's own", async () => {
    const commands = await commandsFor({}, ['192.0.2.9', '198.51.100.0/24', '192.0.2.9']);
    expect(closed(commands)).toEqual([...METADATA, '192.0.2.9', '198.51.100.0/24']);
  });

  it('makes an address that the owner has named one of the step, which leads nowhere by itself', async () => {
    const env = { https_proxy: 'http://192.0.2.9:3128', GOPROXY: 'http://192.0.2.8/go,direct' };
    const commands = await commandsFor(env, ['192.0.2.9', '192.0.2.8', '192.0.2.7']);
    expect(closed(commands)).toEqual([...METADATA, '192.0.2.7']);
    expect(commands).toContain('address replace 192.0.2.9/32 dev lo');
    expect(commands).toContain('address replace 192.0.2.8/32 dev lo');
  });
});

describe('namedEndpoints', () => {
  it('has ports of the loopback and of own addresses, each once', () => {
    const env = { http_proxy: 'http://192.0.2.9:3128', https_proxy: 'http://192.0.2.9:3128' };
    const other = { GOPROXY: 'https://go.example.com,https://192.0.2.9/' };
    expect(namedEndpoints(host({ ...env, ...other }, [4873]), ['192.0.2.9'])).toEqual([
      { address: '127.0.0.1', port: 4873 },
      { address: '192.0.2.9', port: 3128 },
      { address: '192.0.2.9', port: 443 },
    ]);
  });
});

describe('ownAddresses', () => {
  it('reads them from the table of the kernel', async () => {
    const stdout =
      'local 127.0.0.0/8 dev lo scope host\nlocal 172.18.0.1 dev docker0 scope host linkdown\n192.0.2.9 dev eth0\n';
    const runner = scriptedRunner({ ip: { stdout } });
    expect(await ownAddresses(runner)).toEqual(['172.18.0.1', '192.0.2.9']);
  });
});

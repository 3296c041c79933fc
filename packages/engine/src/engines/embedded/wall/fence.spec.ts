import { scriptedRunner } from '@nx-nixpack/testing';
import { fence } from './fence.js';

const closed = async (env: Record<string, string>, addresses: string[]): Promise<unknown> => {
  const runner = scriptedRunner({ nsenter: { exitCode: 0 } });
  const host = { resolvConf: '', hosts: '', env, aptSources: [], loopbackPorts: [] };
  await fence({ runner, host }, ['nsenter', '--net=file', '--'], addresses);
  const [command] = runner.commands;
  return String(command?.input)
    .trim()
    .split('\n')
    .map((line) => line.replace('route replace prohibit ', ''));
};

describe('fence', () => {
  it("closes link-local addresses and the machine's own", async () => {
    expect(await closed({}, ['192.0.2.9', '192.0.2.9'])).toEqual(['169.254.0.0/16', '192.0.2.9']);
  });

  it('leaves an address open that the owner of the machine has named for builds', async () => {
    const env = { https_proxy: 'http://192.0.2.9:3128', GOPROXY: 'http://192.0.2.8/go,direct' };
    expect(await closed(env, ['192.0.2.9', '192.0.2.8', '192.0.2.7'])).toEqual([
      '169.254.0.0/16',
      '192.0.2.7',
    ]);
  });
});

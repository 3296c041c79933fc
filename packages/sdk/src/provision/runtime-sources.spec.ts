import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChannelAccess, DebianRelease } from '@nx-nixpack/channels';
import { undiciTransport } from '../system/undici-transport.js';
import { runtimeSources } from './runtime-sources.js';

let server: Server;
let asked = 0;
beforeAll((done) => {
  server = createServer((_request, response) => {
    asked++;
    response.end();
  }).listen(0, '127.0.0.1', done);
});
afterAll((done) => void server.close(done));

it('asks no service of this machine because a source names its address', async () => {
  const access = { transport: undiciTransport({ idleMs: 60_000 }) } as ChannelAccess;
  const { reachable } = runtimeSources({
    ...{ release: {} as DebianRelease, platform: 'linux/amd64', access },
    ...{ others: [], isFinal: true },
  });
  const { port } = server.address() as AddressInfo;
  expect(await reachable(`http://127.0.0.1:${port}/gradle-8-bin.zip`)).toBe(false);
  expect(await reachable(`http://localhost:${port}/gradle-8-bin.zip`)).toBe(false);
  expect(asked).toBe(0);
});

import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silent } from '@nx-nixpack/base';
import type { Archive, ChannelAccess } from '@nx-nixpack/channels';
import { Store } from '@nx-nixpack/oci';
import { loopbackTransport } from '@nx-nixpack/testing';
import { fetchArchives } from './fetch-provision.js';

const CONTENT = 'a package';
const hash = (method: string) => createHash(method).update(CONTENT).digest('base64');
const bash: Archive = {
  ...{ id: 'debian:bash@5.2-1:amd64', channel: 'debian', name: 'bash', version: '5.2-1' },
  ...{ integrity: `sha256-${hash('sha256')}`, size: CONTENT.length, path: 'pool/bash.deb' },
};
const node: Archive = {
  ...{ id: 'npm:node@22.0.0', channel: 'npm', name: 'node', version: '22.0.0' },
  ...{ integrity: `sha512-${hash('sha512')}`, size: CONTENT.length, path: 'pool/bash.deb' },
};

/** A mirror on loopback, with a package or without. */
function mirror(has: boolean): Promise<Server> {
  const server = createServer(({ url }, response) => {
    response.statusCode = has && url === '/pool/bash.deb' ? 200 : 404;
    response.end(response.statusCode === 200 ? CONTENT : '');
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe('the same lock on two machines', () => {
  let scratch: string;
  let complete: Server;
  let dropped: Server;
  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'fetch-'));
    [complete, dropped] = await Promise.all([mirror(true), mirror(false)]);
  });
  afterAll(() => {
    complete.close();
    dropped.close();
    rmSync(scratch, { recursive: true });
  });

  const fetched = (store: string, servers: readonly Server[], archives = [bash, node]) => {
    const mirrors = servers.map((server) => ({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      next: 'any' as const,
    }));
    const access: ChannelAccess = {
      transport: loopbackTransport(),
      mirrors: { debian: mirrors, npm: mirrors },
      trust: { debianKeys: [], debianExpiry: true },
      memory: { read: () => undefined, write: () => undefined },
    };
    return fetchArchives(archives, {
      store: Store.open(join(scratch, store)),
      access,
      progress: silent,
    });
  };

  it('is the same blobs from either mirror, and from the store when the mirrors dropped the version', async () => {
    const first = await fetched('one', [complete]);
    expect([...first.keys()].sort()).toEqual([bash.id, node.id]);
    expect(await fetched('two', [dropped, complete])).toEqual(first);
    expect(new Map([...(await fetched('one', [dropped]))].sort())).toEqual(
      new Map([...first].sort()),
    );
  });

  it('names the package that no mirror has any more', async () => {
    await expect(fetched('three', [dropped])).rejects.toMatchObject({
      code: 'ARCHIVE_GONE',
      message: expect.stringMatching(/bash 5\.2-1|node 22\.0\.0/) as string,
    });
  });

  it('takes nothing whose integrity is not that of the lock', async () => {
    const forged = { ...bash, integrity: `sha256-${createHash('sha256').digest('base64')}` };
    await expect(fetched('four', [complete], [forged])).rejects.toMatchObject({
      code: 'ARCHIVE_INVALID',
      message: expect.stringContaining(bash.id) as string,
    });
  });
});

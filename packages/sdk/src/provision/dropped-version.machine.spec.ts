import { createReadStream, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDigest, Store, type Digest } from '@nx-nixpack/oci';
import type { LockFile } from '../lock/lock-file.js';
import { DEBIAN_MIRROR } from '../system/channels/channel-mirrors.js';
import { ProvidedWorkspace } from './provided-workspace.contract.js';

/** A mirror of what a store has, on loopback, which knows what was asked of it. */
class StoreMirror {
  readonly asked: string[] = [];
  #server: Server | undefined;

  async start(files: ReadonlyMap<string, string>): Promise<this> {
    this.#server = createServer(({ url = '' }, response) => {
      this.asked.push(url);
      const file = files.get(decodeURIComponent(url.slice(1)));
      if (file !== undefined) createReadStream(file).pipe(response);
      else response.writeHead(404).end();
    });
    await new Promise<void>((done) => this.#server?.listen(0, '127.0.0.1', done));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server?.address() as AddressInfo).port}/`;
  }

  close(): void {
    this.#server?.close();
  }
}

describe('a lock on a machine whose mirror has dropped a version', () => {
  const workspace = new ProvidedWorkspace();
  const mirrors: StoreMirror[] = [];
  let first: Digest;
  let dropped: StoreMirror;
  let complete: StoreMirror;
  const from = (...all: StoreMirror[]) => ({
    ...process.env,
    [DEBIAN_MIRROR]: all.map(({ url }) => url).join(' '),
  });

  beforeAll(async () => {
    workspace.describe({ web: { vars: 'source: ./web' } });
    workspace.write('web/Staticfile', 'root: .\n');
    workspace.write('web/index.html', '<h1>web</h1>\n');
    await workspace.lock('first');
    first = await workspace.build('web', 'first');
    const files = storedFiles();
    complete = await new StoreMirror().start(files);
    const less = [...files].filter(([path]) => !/\/nginx_/.test(path));
    expect(less).toHaveLength(files.size - 1);
    dropped = await new StoreMirror().start(new Map(less));
    mirrors.push(complete, dropped);
  });
  afterAll(() => {
    for (const mirror of mirrors) mirror.close();
    workspace.remove();
  });

  /** Where each archive of the lock lies below a mirror, and its blob. */
  function storedFiles(): Map<string, string> {
    const lock = JSON.parse(readFileSync(workspace.path('nixpack.lock.json'), 'utf8')) as LockFile;
    const store = Store.open(workspace.path('stores/first'));
    const files = Object.values(lock.archives).flatMap(({ integrity, path }) => {
      const hash = Buffer.from(integrity.slice('sha256-'.length), 'base64').toString('hex');
      const digest = `sha256:${hash}`;
      return isDigest(digest) ? [[path, store.blobPath(digest)] as const] : [];
    });
    return new Map(files);
  }

  it('names the package, and installs none', async () => {
    workspace.said.length = 0;
    await expect(workspace.build('web', 'second', from(dropped))).rejects.toMatchObject({
      code: 'ARCHIVE_GONE',
      message: expect.stringMatching(/nginx 1\./),
    });
    expect(workspace.said.join('\n')).not.toMatch(/^packages /m);
  });

  it('gives the same image where another mirror still has it', async () => {
    complete.asked.length = 0;
    expect(await workspace.build('web', 'second', from(dropped, complete))).toBe(first);
    expect(complete.asked).toEqual([expect.stringMatching(/\/nginx_/)]);
  });

  it('gives the same image where the store still has it, and asks nobody', async () => {
    for (const name of readdirSync(workspace.path('stores/first')))
      if (name.startsWith('embedded'))
        rmSync(workspace.path('stores/first', name), { recursive: true });
    dropped.asked.length = 0;
    workspace.said.length = 0;
    expect(await workspace.build('web', 'first', from(dropped))).toBe(first);
    expect(workspace.said.join('\n')).toMatch(/^packages /m);
    expect(dropped.asked).toEqual([]);
  });
});

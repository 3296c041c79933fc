import { sha256 } from './exchange.js';
import { startRegistry, type TestRegistry } from './start-registry.js';

let registry: TestRegistry;
beforeEach(async () => void (registry = await startRegistry()));
afterEach(() => registry.close());

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const OCTETS = { 'content-type': 'application/octet-stream' };
const HELLO = sha256('hello');

async function send(method: string, path: string, headers = {}, body?: string) {
  const url = new URL(path, `http://${registry.host}`);
  const init = { method, headers: { 'accept-encoding': 'identity', ...headers } };
  const response = await fetch(url, { ...init, redirect: 'manual', ...(body ? { body } : {}) });
  const text = await response.text();
  return { status: response.status, text, get: (name: string) => response.headers.get(name) };
}

const start = async (): Promise<string> =>
  (await send('POST', '/v2/a/b/blobs/uploads/')).get('location') as string;

describe('the registry in memory', () => {
  it('takes blobs in one piece and in several', async () => {
    const one = await send('PUT', `${await start()}&digest=${HELLO}`, OCTETS, 'hello');
    expect([one.status, one.get('docker-content-digest')]).toEqual([201, HELLO]);
    const first = await send('PATCH', await start(), { ...OCTETS, 'content-range': '0-1' }, 'wo');
    expect([first.status, first.get('range')]).toEqual([202, '0-1']);
    const next = first.get('location') as string;
    const second = await send('PATCH', next, { ...OCTETS, 'content-range': '2-4' }, 'rld');
    const end = `${second.get('location')}&digest=${sha256('world')}`;
    expect((await send('PUT', end, { 'content-length': '0' })).status).toBe(201);
    expect((await send('GET', `/v2/a/b/blobs/${sha256('world')}`)).text).toBe('world');
    expect(registry.violations).toEqual([]);
  });

  it('refuses chunks out of order, old states, wrong digests and sessions it does not know', async () => {
    const session = await start();
    const ranged = { ...OCTETS, 'content-range': '5-6' };
    expect((await send('PATCH', session, ranged, 'xx')).status).toBe(416);
    const asked = await send('GET', session);
    expect([asked.status, asked.get('range')]).toEqual([204, '0-0']);
    expect((await send('PATCH', session, OCTETS, 'xx')).status).toBe(404);
    const wrong = `${asked.get('location')}&digest=${HELLO}`;
    expect((await send('PUT', wrong, OCTETS, 'other')).text).toContain('DIGEST_INVALID');
    expect((await send('GET', session)).status).toBe(404);
    const canceled = await start();
    expect((await send('DELETE', canceled)).status).toBe(204);
    expect(registry.uploads.open).toBe(0);
  });

  it('notices an upload without digest and bytes without their type', async () => {
    expect((await send('PUT', await start(), OCTETS, 'x')).status).toBe(400);
    const typed = { 'content-type': 'text/plain' };
    expect((await send('PUT', `${await start()}&digest=${HELLO}`, typed, 'hello')).status).toBe(
      400,
    );
    expect(registry.violations).toHaveLength(2);
  });

  it('serves ranges', async () => {
    registry.contents.addBlob('a/b', Buffer.from('hello'));
    const part = (range: string) => send('GET', `/v2/a/b/blobs/${HELLO}`, { range });
    expect(await part('bytes=1-2')).toMatchObject({ status: 206, text: 'el' });
    expect((await part('bytes=3-')).get('content-range')).toBe('bytes 3-4/5');
    expect((await part('bytes=5-')).status).toBe(416);
    expect((await send('HEAD', `/v2/a/b/blobs/${HELLO}`)).get('content-length')).toBe('5');
    expect((await send('HEAD', `/v2/other/blobs/${HELLO}`)).status).toBe(404);
  });

  it('mounts what the other repository has', async () => {
    registry.contents.addBlob('a/b', Buffer.from('hello'));
    const mount = (from: string) =>
      send('POST', `/v2/c/blobs/uploads/?mount=${HELLO}&from=${from}`);
    expect((await mount('a/b')).status).toBe(201);
    expect((await mount('none')).status).toBe(202);
  });

  it('wants Accept for manifests, and takes none before its blobs or under another type', async () => {
    const text = JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: { digest: HELLO },
      layers: [],
    });
    const path = '/v2/a/b/manifests/v1';
    const put = (type: string) => send('PUT', path, { 'content-type': type }, text);
    expect((await put(MANIFEST)).status).toBe(400);
    registry.contents.addBlob('a/b', Buffer.from('hello'));
    expect((await put('application/json')).status).toBe(400);
    expect((await put(MANIFEST)).get('docker-content-digest')).toBe(sha256(text));
    const other = `/v2/a/b/manifests/${HELLO}`;
    expect((await send('PUT', other, { 'content-type': MANIFEST }, text)).status).toBe(400);
    expect(await send('GET', path, { accept: MANIFEST })).toMatchObject({ status: 200, text });
    expect((await send('GET', path, { accept: 'application/json' })).status).toBe(404);
    expect(registry.violations).toHaveLength(3);
    expect((await send('GET', path)).status).toBe(400);
  });

  it('lists tags in pages', async () => {
    for (const tag of ['c', 'a', 'b'])
      registry.contents.addManifest('a/b', Buffer.from('{}'), MANIFEST, tag);
    const page = await send('GET', '/v2/a/b/tags/list?n=2');
    expect(JSON.parse(page.text)).toEqual({ name: 'a/b', tags: ['a', 'b'] });
    expect(page.get('link')).toContain('last=b');
    expect(JSON.parse((await send('GET', '/v2/a/b/tags/list?n=2&last=b')).text).tags).toEqual([
      'c',
    ]);
    expect((await send('GET', '/v2/none/tags/list')).status).toBe(404);
  });

  it('fails as it is told, so many times and after so many', async () => {
    registry.addFault({ skip: 1, times: 2, action: { kind: 'reply', reply: { status: 503 } } });
    const statuses = [];
    for (let at = 0; at < 4; at++) statuses.push((await send('GET', '/v2/')).status);
    expect(statuses).toEqual([200, 503, 503, 200]);
    registry.addFault({ action: { kind: 'lose-reply' } });
    await expect(send('GET', '/v2/')).rejects.toThrow();
  });
});

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { selfSigned } from './support/closed-server.mjs';
import { Scratch } from './support/scratch.mjs';
import { NpmRegistry } from './support/verdaccio.mjs';

/** Hours: what never ends shall end, what is slow shall not. */
const LIMIT = 5 * 3_600_000;
const NPM_SETTINGS = ['NPM_CONFIG_REGISTRY', 'NPM_CONFIG_CAFILE'];

describe('the npm registry of the tests', { timeout: LIMIT }, () => {
  const scratch = new Scratch('nixpack-upstream-');
  const saved = NPM_SETTINGS.map((name) => [name, process.env[name]]);
  let server;
  let registry;

  before(async () => {
    const certificate = await selfSigned('127.0.0.1', scratch.directory);
    server = createServer(certificate, (_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ name: 'far-away', 'dist-tags': {}, versions: {} }));
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const cafile = join(scratch.directory, 'authority.pem');
    writeFileSync(cafile, certificate.cert);
    process.env.NPM_CONFIG_REGISTRY = `https://127.0.0.1:${server.address().port}/`;
    process.env.NPM_CONFIG_CAFILE = cafile;
    registry = await NpmRegistry.start();
  });

  after(async () => {
    for (const [name, value] of saved)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    await registry?.stop();
    server?.close();
    scratch.remove();
  });

  test('trusts the authority that npm is configured with', async () => {
    const answer = await fetch(`${registry.url}far-away`);
    assert.equal(answer.status, 200, await answer.clone().text());
    assert.equal((await answer.json()).name, 'far-away');
  });
});

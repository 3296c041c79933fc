import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { join } from 'node:path';
import { succeed } from './workspace.mjs';
import { tarball, zip } from './archives.mjs';

const MODULE = 'example.com/private';
const WHEEL = 'nixpack_private-1.0-py3-none-any.whl';

/** What npm, pip, Go and Maven ask for, one tiny package each, by path. */
const FILES = {
  '/npm/canary-1.0.0.tgz': tarball({
    'package/package.json': '{"name":"@private/canary","version":"1.0.0"}',
    'package/index.js': 'module.exports = "private";\n',
  }),
  '/simple/nixpack-private/': `<a href="${WHEEL}">${WHEEL}</a>`,
  [`/simple/nixpack-private/${WHEEL}`]: zip({
    'nixpack_private.py': 'NAME = "private"\n',
    'nixpack_private-1.0.dist-info/METADATA':
      'Metadata-Version: 2.1\nName: nixpack-private\nVersion: 1.0\n',
    'nixpack_private-1.0.dist-info/WHEEL':
      'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    'nixpack_private-1.0.dist-info/RECORD':
      'nixpack_private.py,,\nnixpack_private-1.0.dist-info/METADATA,,\nnixpack_private-1.0.dist-info/WHEEL,,\nnixpack_private-1.0.dist-info/RECORD,,\n',
  }),
  [`/go/${MODULE}/@v/list`]: 'v1.0.0\n',
  [`/go/${MODULE}/@v/v1.0.0.info`]: '{"Version":"v1.0.0","Time":"2020-01-01T00:00:00Z"}',
  [`/go/${MODULE}/@v/v1.0.0.mod`]: `module ${MODULE}\n`,
  [`/go/${MODULE}/@v/v1.0.0.zip`]: zip({
    [`${MODULE}@v1.0.0/go.mod`]: `module ${MODULE}\n`,
    [`${MODULE}@v1.0.0/private.go`]: 'package private\n\nconst Name = "private"\n',
  }),
  '/maven/com/example/parent/1.0/parent-1.0.pom': `<project><modelVersion>4.0.0</modelVersion>
<groupId>com.example</groupId><artifactId>parent</artifactId><version>1.0</version><packaging>pom</packaging></project>`,
};

/** A server on loopback, over http and https, that gives its packages to one user alone. */
export class ClosedServer {
  /** How often a package was asked for with the right password, and without. */
  asked = { welcome: 0, refused: 0 };
  host = '127.0.0.1';
  #servers = [];

  static async start(options) {
    const server = new ClosedServer();
    await server.#start(options);
    return server;
  }

  async #start({ user, password, directory }) {
    const basic = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const accepted = new Set([basic, `Bearer ${password}`]);
    const answer = (request, response) => this.#answer(accepted, request, response);
    const certificate = await selfSigned(this.host, directory);
    this.certificate = certificate.cert;
    this.http = await this.#listen(createHttpServer(answer), 'http');
    this.https = await this.#listen(createHttpsServer(certificate, answer), 'https');
  }

  #answer(accepted, { headers, url, method }, response) {
    if (!accepted.has(headers.authorization)) {
      this.asked.refused += 1;
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="private"' }).end('who are you?');
      return;
    }
    this.asked.welcome += 1;
    const content = contentOf(url, `http://${headers.host}`);
    response.writeHead(content === undefined ? 404 : 200, { 'Content-Type': typeOf(url) });
    response.end(method === 'HEAD' ? undefined : content);
  }

  #listen(server, scheme) {
    this.#servers.push(server);
    return new Promise((done, fail) => {
      server.on('error', fail);
      server.listen(0, this.host, () => done(`${scheme}://${this.host}:${server.address().port}`));
    });
  }

  /** What builds must be allowed to reach. */
  get ports() {
    return this.#servers.map((server) => server.address().port);
  }

  stop() {
    for (const server of this.#servers) server.close().closeAllConnections();
  }
}

/** Maven asks for the checksum of each file beside it. */
function contentOf(url, origin) {
  if (url === '/npm/@private%2fcanary') return packument(origin);
  if (!url.endsWith('.sha1')) return FILES[url];
  const content = FILES[url.slice(0, -'.sha1'.length)];
  return content && sha1(content);
}

/** What npm wants to know of a package that has one version. */
function packument(origin) {
  const version = {
    name: '@private/canary',
    version: '1.0.0',
    dist: {
      tarball: `${origin}/npm/canary-1.0.0.tgz`,
      shasum: sha1(FILES['/npm/canary-1.0.0.tgz']),
    },
  };
  return JSON.stringify({
    name: version.name,
    'dist-tags': { latest: '1.0.0' },
    versions: { '1.0.0': version },
  });
}

const sha1 = (content) => createHash('sha1').update(content).digest('hex');

const typeOf = (url) => (url.endsWith('/') ? 'text/html' : 'application/octet-stream');

export async function selfSigned(host, directory) {
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(directory, name));
  const subject = ['-subj', '/CN=closed', '-addext', `subjectAltName=IP:${host}`];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  await succeed('openssl', [...request, ...subject, '-keyout', key, '-out', cert]);
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

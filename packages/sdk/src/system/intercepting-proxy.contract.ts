import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer as httpServer, type Server } from 'node:http';
import { createServer as httpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** What every client of the spec asks; nobody but the proxy knows it. */
export const REGISTRY = 'registry.example.com';

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30'];

/**
 * A proxy on loopback that looks into what is sent, as those of companies do: it answers every CONNECT itself, with a certificate
 * of its own authority. What was asked through it, is known by path.
 */
export class InterceptingProxy {
  readonly #directory: string;
  readonly #asked: string[] = [];
  #proxy: Server | undefined;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** `directory`: an empty one for keys and certificates. */
  static async start(directory: string): Promise<InterceptingProxy> {
    const started = new InterceptingProxy(directory);
    await started.#start();
    return started;
  }

  /** The certificate of the authority, PEM. */
  get authority(): string {
    return join(this.#directory, 'ca.pem');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#proxy?.address() as AddressInfo).port}`;
  }

  /** Paths that were asked since the last call, through a connection that the client has taken for genuine. */
  take(): string[] {
    return this.#asked.splice(0);
  }

  close(): void {
    this.#proxy?.closeAllConnections();
    this.#proxy?.close();
  }

  async #start(): Promise<void> {
    this.#makeCertificates();
    const [key, cert] = ['leaf.key', 'leaf.pem'].map((name) =>
      readFileSync(join(this.#directory, name)),
    );
    const inside = httpsServer({ key, cert }, ({ url = '' }, response) => {
      this.#asked.push(url);
      response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
    });
    // Clients that do not trust the certificate end the connection in the middle of it.
    inside.on('tlsClientError', () => undefined);
    this.#proxy = httpServer((_request, response) => response.writeHead(403).end());
    this.#proxy.on('connect', (_request, socket) => {
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      inside.emit('connection', socket);
    });
    await new Promise<void>((done) => this.#proxy?.listen(0, '127.0.0.1', done));
  }

  #makeCertificates(): void {
    const openssl = (...args: string[]) =>
      execFileSync('openssl', args, { cwd: this.#directory, stdio: 'pipe' });
    const made = (name: string) => ['-keyout', `${name}.key`, '-out', `${name}.pem`];
    openssl(
      ...['req', '-x509', ...KEY, ...made('ca'), '-subj', '/CN=Example Proxy Authority'],
      // Python refuses an authority that does not say so.
      ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
    );
    openssl(
      ...['req', '-x509', ...KEY, ...made('leaf'), '-subj', `/CN=${REGISTRY}`],
      ...['-CA', 'ca.pem', '-CAkey', 'ca.key'],
      ...['-addext', `subjectAltName=DNS:${REGISTRY}`],
      ...['-addext', 'basicConstraints=critical,CA:FALSE'],
    );
  }
}

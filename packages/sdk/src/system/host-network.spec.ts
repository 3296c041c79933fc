import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aptSources, hostNetwork } from './host-network.js';

describe('hostNetwork', () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'home-'))));
  afterEach(() => rmSync(home, { recursive: true }));

  it('takes mirrors from the files of their clients, and the environment before them', () => {
    writeFileSync(join(home, '.npmrc'), 'registry = https://npm.example.com/\n');
    mkdirSync(join(home, '.config', 'go'), { recursive: true });
    writeFileSync(join(home, '.config', 'go', 'env'), 'GOPROXY=https://go.example.com\n');
    expect(hostNetwork({ GOPROXY: 'off' }, home).env).toMatchObject({
      npm_config_registry: 'https://npm.example.com/',
      GOPROXY: 'off',
    });
  });

  it('never takes credentials along', () => {
    writeFileSync(join(home, '.npmrc'), '//npm.example.com/:_authToken=secret\n');
    const { env } = hostNetwork(
      { https_proxy: 'http://user:secret@proxy.example.com', NPM_TOKEN: 'secret' },
      home,
    );
    expect(JSON.stringify(env)).not.toContain('secret');
  });

  it('reads the certificates that the host trusts', () => {
    const bundle = join(home, 'ca.crt');
    writeFileSync(bundle, 'PEM');
    expect(
      Buffer.from(hostNetwork({ NODE_EXTRA_CA_CERTS: bundle }, home).caBundle ?? []).toString(),
    ).toBe('PEM');
  });

  it('opens the loopback ports of proxies and mirrors, and those that are named', () => {
    const environment = {
      https_proxy: 'http://127.0.0.1:3128',
      GOPROXY: 'http://localhost/go,https://go.example.com:8443',
      NX_NIXPACK_LOOPBACK_PORTS: '4873, 3128',
    };
    expect(hostNetwork(environment, home).loopbackPorts).toEqual([80, 3128, 4873]);
    expect(hostNetwork({}, home).loopbackPorts).toEqual([]);
  });

  it.each(['0', '65536', 'http', '1.5'])('refuses %j as a port', (text) => {
    const environment = { NX_NIXPACK_LOOPBACK_PORTS: text };
    expect(() => hostNetwork(environment, home)).toThrow(/LOOPBACK_PORTS.*not a port/);
  });

  it('takes no apt source along whose address holds a password', () => {
    const parts = join(home, 'sources.list.d');
    mkdirSync(parts);
    const open = 'deb https://apt.example.com/debian bookworm main';
    writeFileSync(
      join(home, 'sources.list'),
      `deb https://bob:secret@apt.example.com/debian bookworm main\n${open}\n`,
    );
    const paragraph = (host: string): string =>
      `Types: deb\nURIs: https://${host}/debian\nSuites: bookworm\nComponents: main`;
    const both = [paragraph('bob:secret@apt.example.com'), paragraph('apt.example.com')];
    writeFileSync(join(parts, 'debian.sources'), `${both.join('\n\n')}\n`);
    expect(aptSources(home)).toEqual([
      { name: 'sources.list', content: `${open}\n` },
      { name: 'debian.sources', content: `${paragraph('apt.example.com')}\n` },
    ]);
  });
});

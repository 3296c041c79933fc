import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aptSources } from './apt-sources.js';
import { hostNetwork } from './host-network.js';

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
    const pem = (text: string): string =>
      `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
    const [trusted, extra] = [join(home, 'trusted.pem'), join(home, 'extra.pem')];
    writeFileSync(trusted, `# ours\n${pem('A')}${pem('B')}`);
    writeFileSync(extra, pem('B') + pem('C'));
    const bundleOf = (environment: Record<string, string>) =>
      Buffer.from(hostNetwork(environment, home).caBundle ?? []).toString();
    expect(bundleOf({ SSL_CERT_FILE: trusted })).toBe(pem('A') + pem('B'));
    expect(bundleOf({ SSL_CERT_FILE: trusted, NODE_EXTRA_CA_CERTS: extra })).toBe(
      pem('A') + pem('B') + pem('C'),
    );
    expect(bundleOf({ NODE_EXTRA_CA_CERTS: extra })).toContain(pem('C'));
  });

  it('takes what languages have in files of their own, and opens the ports that those name', () => {
    mkdirSync(join(home, '.m2'));
    writeFileSync(
      join(home, '.m2/settings.xml'),
      '<mirror><id>a</id><mirrorOf>*</mirrorOf><url>http://127.0.0.1:8081/maven</url></mirror>',
    );
    mkdirSync(join(home, 'config/composer'), { recursive: true });
    writeFileSync(
      join(home, 'config/composer/config.json'),
      '{"repositories":{"a":{"type":"composer","url":"https://php.example.com"}}}',
    );
    const network = hostNetwork({ XDG_CONFIG_HOME: join(home, 'config') }, home);
    expect(Object.keys(network.files ?? {}).sort()).toEqual([
      '/root/.composer/config.json',
      '/run/nixpack/lent/maven.xml',
    ]);
    expect(network.env).toMatchObject({ MAVEN_ARGS: '-gs /run/nixpack/lent/maven.xml' });
    expect(network.loopbackPorts).toEqual([8081]);
  });

  it('passes on variables whose rest is open', () => {
    const name = 'BUNDLE_MIRROR__ALL';
    expect(hostNetwork({ [name]: 'https://gems.example.com' }, home).env).toMatchObject({
      [name]: 'https://gems.example.com',
    });
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

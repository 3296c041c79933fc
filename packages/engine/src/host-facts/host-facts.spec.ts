import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CERTIFICATE } from './certificate.fixture.js';
import { HOST_FACTS, isJvmNotice, urlsOf, type HostKnowledge } from './index.js';

const page = readFileSync(join(__dirname, '../../../../docs/engines/embedded.md'), 'utf8');

const rowOf = (language: string) => {
  const row = HOST_FACTS.find((facts) => facts.language.startsWith(language));
  if (row === undefined) throw new Error(`no row of ${language}`);
  return row;
};
const follows = (language: string, known: Partial<HostKnowledge>) =>
  rowOf(language).follows?.({ env: {}, ...known }) ?? {};
const fileOf = (language: string, text: string, env: Record<string, string> = {}) =>
  rowOf(language).file?.lend(text, env) ?? {};

const PROXIES = {
  https_proxy: 'http://proxy.example.com:3128',
  HTTP_PROXY: 'http://10.0.0.1',
  no_proxy: 'localhost,.corp.example.com:443,10.0.0.0/8,10.1.2.3',
};

describe('HOST_FACTS', () => {
  it('has each variable once, and each language in the documentation', () => {
    const names = HOST_FACTS.flatMap(({ certificates = [], passedOn = [] }) => [
      ...certificates,
      ...passedOn,
    ]);
    expect(new Set(names).size).toBe(names.length);
    for (const { language } of HOST_FACTS) expect(page).toContain(`| ${language} `);
    for (const name of names) expect(page).toContain(`\`${name}\``);
  });

  it('lends nothing where the host has nothing', () => {
    for (const { follows: one, file } of HOST_FACTS)
      for (const lent of [one?.({ env: {} }), file?.lend('', {})])
        expect({ env: {}, files: {}, ...lent }).toEqual({ env: {}, files: {} });
  });
});

describe('Java', () => {
  it('trusts what the host trusts and goes through its proxies', () => {
    const { env, files } = follows('Java', { env: PROXIES, caBundle: Buffer.from(CERTIFICATE) });
    expect(env?.['JAVA_TOOL_OPTIONS']?.split(' ')).toEqual([
      '-Djavax.net.ssl.trustStore=/run/nixpack/lent/cacerts',
      '-Dhttp.proxyHost=10.0.0.1',
      '-Dhttp.proxyPort=80',
      '-Dhttps.proxyHost=proxy.example.com',
      '-Dhttps.proxyPort=3128',
      '-Dhttp.nonProxyHosts=localhost|*.localhost|corp.example.com|*.corp.example.com|10.1.2.3',
    ]);
    expect(Object.keys(files ?? {})).toEqual(['/run/nixpack/lent/cacerts']);
  });

  it('says nothing of what was lent, and what it says of others', () => {
    const lent = { JAVA_TOOL_OPTIONS: '-Da=b' };
    expect(isJvmNotice('Picked up JAVA_TOOL_OPTIONS: -Da=b', lent)).toBe(true);
    expect(isJvmNotice('Picked up JAVA_TOOL_OPTIONS: -Da=b -Dmine', lent)).toBe(false);
    expect(isJvmNotice('Picked up JAVA_TOOL_OPTIONS: undefined', {})).toBe(false);
  });
});

describe('Maven', () => {
  const settings = `<settings><servers><server><id>a</id><password>secret</password></server></servers>
    <mirrors>
      <!-- <mirror><id>old</id><mirrorOf>*</mirrorOf><url>https://old.example.com</url></mirror> -->
      <mirror><id>a</id><name>A</name><url> https://maven.example.com/all </url><mirrorOf>*,!b</mirrorOf></mirror>
      <mirror><id>b</id><url>https://bob:secret@maven.example.com</url><mirrorOf>b</mirrorOf></mirror>
      <mirror><id>c</id><url>\${env.MIRROR}</url><mirrorOf>c</mirrorOf></mirror>
    </mirrors></settings>`;

  it('gets the mirrors of the settings, without credentials and what only the host can fill in', () => {
    const { env, files } = fileOf('Maven', settings);
    expect(env).toEqual({ MAVEN_ARGS: '-gs /run/nixpack/lent/maven.xml' });
    const [text = ''] = Object.values(files ?? {});
    expect(text).toContain(
      '<mirror><id>a</id><mirrorOf>*,!b</mirrorOf><url>https://maven.example.com/all</url></mirror>',
    );
    expect(text).toContain('<blocked>true</blocked>');
    expect(text).not.toMatch(/secret|old\.example|env\./);
  });

  it('gets the proxies, which it takes from nowhere else', () => {
    const [text = ''] = Object.values(fileOf('Maven', '', PROXIES).files ?? {});
    expect(text).toContain('<host>proxy.example.com</host><port>3128</port>');
  });
});

describe('cargo', () => {
  it('gets the sources that replace others, and no credentials', () => {
    const { files } = fileOf(
      'Rust',
      `[registries.own]
token = "secret"
[source.crates-io]
replace-with = "mirror"
[source.mirror]
registry = "sparse+https://crates.example.com/index/"
[source.other]
registry = "https://bob:secret@crates.example.com/"
[build]
rustc-wrapper = "sccache"
`,
    );
    expect(files).toEqual({
      '/.cargo/config.toml': `[source.crates-io]
replace-with = "mirror"
[source.mirror]
registry = "sparse+https://crates.example.com/index/"
`,
    });
  });

  it('gets nothing of a file that is broken', () => {
    expect(fileOf('Rust', '[source')).toEqual({});
  });
});

describe('others', () => {
  it('get the registry of npm by their own names', () => {
    const { env } = follows('Node', {
      env: { npm_config_registry: 'http://npm.example.com:4873/', ...PROXIES },
    });
    expect(env).toMatchObject({
      BUN_CONFIG_REGISTRY: 'http://npm.example.com:4873/',
      YARN_NPM_REGISTRY_SERVER: 'http://npm.example.com:4873/',
      YARN_UNSAFE_HTTP_WHITELIST: 'npm.example.com',
      YARN_HTTPS_PROXY: 'http://proxy.example.com:3128',
    });
  });

  it('get the mirrors of Bundler', () => {
    const text = `---
BUNDLE_PATH: "vendor"
BUNDLE_MIRROR__ALL: "https://gems.example.com/"
BUNDLE_MIRROR__HTTPS://GEMS__EXAMPLE__COM/: "https://bob:secret@other.example.com/"
`;
    expect(fileOf('Ruby', text).env).toEqual({ BUNDLE_MIRROR__ALL: 'https://gems.example.com/' });
  });

  it('get the repositories of Composer and of sbt', () => {
    const composer = {
      repositories: {
        mirror: { type: 'composer', url: 'https://php.example.com' },
        mine: { type: 'composer', url: 'https://bob:secret@php.example.com' },
        code: { type: 'vcs', url: 'https://git.example.com/a' },
        standard: false,
      },
      'http-basic': { 'php.example.com': { password: 'secret' } },
    };
    const { files } = fileOf('PHP', JSON.stringify(composer));
    expect(JSON.parse(Object.values(files ?? {})[0] ?? '')).toEqual({
      repositories: {
        mirror: { type: 'composer', url: 'https://php.example.com' },
        standard: false,
      },
    });
    const sbt = fileOf(
      'Scala',
      '[repositories]\n  local\n  own: https://bob:secret@m.example.com/\n  all: https://m.example.com/a/, [organization]/[module]\n',
    );
    expect(Object.values(sbt.files ?? {})).toEqual([
      '[repositories]\n  local\n  all: https://m.example.com/a/, [organization]/[module]\n',
    ]);
  });

  it('get certificates by a setting of PHP', () => {
    expect(follows('PHP', { caBundle: Buffer.from(CERTIFICATE) })).toEqual({
      env: { PHP_INI_SCAN_DIR: ':/run/nixpack/lent/php' },
      files: {
        '/run/nixpack/lent/php/host.ini':
          'openssl.cafile=/run/secrets/ca.crt\ncurl.cainfo=/run/secrets/ca.crt\n',
      },
    });
  });
});

describe('urlsOf', () => {
  it('finds addresses in variables, settings and apt sources', () => {
    const urls = urlsOf({
      env: { GOPROXY: 'http://a.example.com:1,direct' },
      files: { x: '<url>http://b.example.com:2/</url> "sparse+http://c.example.com:3/"' },
      aptSources: [{ content: 'deb http://d.example.com:4/debian trixie main' }],
    });
    expect(urls.map(({ port }) => port)).toEqual(['1', '2', '3', '4']);
  });
});

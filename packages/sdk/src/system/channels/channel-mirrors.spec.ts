import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { channelMirrors } from './channel-mirrors.js';
import { clientDefaults, type ClientDefaults } from './client-defaults.js';
import { debianSources } from './debian-sources.js';

const NOTHING: ClientDefaults = {
  npm: () => undefined,
  pypi: () => undefined,
  go: () => undefined,
  maven: () => undefined,
};
const mirrors = (env: Record<string, string>, environment = {}, files = {}) =>
  channelMirrors({ env, files, aptSources: [] }, environment, NOTHING).mirrors;

describe('channelMirrors', () => {
  it('takes what the clients are configured with, never an address with a password', () => {
    expect(
      mirrors({
        npm_config_registry: 'https://npm.example.com/group',
        PIP_INDEX_URL: 'https://bob:secret@pypi.example.com/simple',
        GOPROXY: 'https://a.example.com|https://b.example.com/go/,off,https://c.example.com',
      }),
    ).toMatchObject({
      npm: [{ url: 'https://npm.example.com/group/' }],
      pypi: [],
      go: [
        { url: 'https://a.example.com/', next: 'any' },
        { url: 'https://b.example.com/go/', next: 'missing' },
      ],
    });
  });

  it('takes the mirrors of Debian that are named, and the mirror of Maven Central', () => {
    const named = {
      NX_NIXPACK_DEBIAN_MIRROR: 'https://a.example.com/debian https://b.example.com/s',
    };
    expect(mirrors({}, named)['debian']?.map(({ url }) => url)).toEqual([
      'https://a.example.com/debian/',
      'https://b.example.com/s/',
    ]);
    const settings =
      '<mirror><id>a</id><mirrorOf>*,!central</mirrorOf><url>https://no.example.com</url></mirror><mirror><id>b</id><mirrorOf>*</mirrorOf><url>https://m.example.com</url></mirror>';
    expect(mirrors({}, {}, { '/x/maven.xml': settings })['maven']).toEqual([
      { url: 'https://m.example.com/', next: 'any' },
    ]);
  });

  it('believes a keyring of the source that names it alone, and asks Debian itself first', () => {
    const directory = mkdtempSync(join(tmpdir(), 'keyrings-'));
    try {
      const ring = (name: string): string => {
        writeFileSync(join(directory, name), name);
        return join(directory, name);
      };
      const source = (url: string, name: string): string =>
        `deb [signed-by=${ring(name)}] ${url} trixie main\n`;
      const content =
        source('https://third.example.com/apt', 'third.gpg') +
        source('https://a.example.com/debian', 'debian-archive-keyring.gpg') +
        source('https://a.example.com/debian', 'debian-archive-second.gpg');
      const host = { env: {}, aptSources: [{ name: 'sources.list', content }] };
      const found = channelMirrors(host, {}, NOTHING).mirrors['debian'] ?? [];
      const own = ({ keys = [] }: (typeof found)[number]): string[] =>
        keys.map(String).filter((text) => /^(?:third|debian)\S*\.gpg$/.test(text));
      expect(found.map((one) => [one.url, own(one)])).toEqual([
        [
          'https://a.example.com/debian/',
          ['debian-archive-keyring.gpg', 'debian-archive-second.gpg'],
        ],
        ['https://third.example.com/apt/', ['third.gpg']],
      ]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('takes a name without a key for another address of the same database', () => {
    const { goChecksums } = channelMirrors(
      { env: { GOSUMDB: 'sums.example.com' }, aptSources: [] },
      {},
      NOTHING,
    ).trust;
    expect(goChecksums?.verifier).toMatch(/^sum\.[a-z.]+\+/);
    expect(goChecksums?.url).toBe('https://sums.example.com/');
  });

  it('does without the checksum database where Go does', () => {
    const trust = (env: Record<string, string>) =>
      channelMirrors({ env, aptSources: [] }, {}, NOTHING).trust.goChecksums;
    expect(trust({ GOSUMDB: 'off' })).toBeUndefined();
    expect(trust({ GOPRIVATE: 'b.example.com,a.example.com' })?.except).toEqual([
      'a.example.com',
      'b.example.com',
    ]);
  });

  it('names a keyring that cannot be read', () => {
    const environment = { NX_NIXPACK_DEBIAN_KEYRING: '/nowhere/keyring.gpg' };
    expect(() => mirrors({}, environment)).toThrow(/NX_NIXPACK_DEBIAN_KEYRING names/);
  });
});

it('finds the registry of npm where Node brings npm', () => {
  expect(clientDefaults({ PATH: '' }).npm() ?? 'https://').toMatch(/^https:\/\//);
});

describe('debianSources', () => {
  it('takes Debian’s own suites in both styles, and no third party', () => {
    const files = [
      {
        name: 'sources.list',
        content: `deb [signed-by=/a.gpg] https://a.example.com/debian bookworm main contrib
deb https://third.example.com/debian bookworm stable
# deb https://off.example.com/debian bookworm main
deb-src https://src.example.com/debian bookworm main\n`,
      },
      {
        name: 'b.sources',
        content: `Types: deb
URIs: https://b.example.com/debian
Suites: trixie trixie-updates
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc

Types: deb
Enabled: no
URIs: https://off.example.com/debian
Suites: trixie
Components: main\n`,
      },
    ];
    expect(debianSources(files)).toEqual([
      { uris: ['https://a.example.com/debian'], signedBy: ['/a.gpg'] },
      {
        uris: ['https://b.example.com/debian'],
        signedBy: ['-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabc'],
      },
    ]);
  });
});

it('reads whether apt takes expired files', async () => {
  const { debianExpiry } = await import('./debian-trust.js');
  const apt = mkdtempSync(join(tmpdir(), 'apt-'));
  try {
    expect(debianExpiry(apt)).toBe(true);
    writeFileSync(join(apt, 'apt.conf'), 'Acquire::Check-Valid-Until "false";\n');
    expect(debianExpiry(apt)).toBe(false);
  } finally {
    rmSync(apt, { recursive: true });
  }
});

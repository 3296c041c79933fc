import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silent, UserError } from '@nx-nixpack/base';
import { RUNTIMES } from '@nx-nixpack/engine';
import type { RuntimeWish } from '@nx-nixpack/plan';
import { channelAccess } from '../system/channels/channel-access.js';
import { resolveProvision } from './index.js';

const directory = mkdtempSync(join(tmpdir(), 'asked-versions-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function provide(wish: RuntimeWish) {
  const found = await resolveProvision(
    {
      base: true,
      runtimes: [{ ...wish, ...(wish.parts ? { parts: [...wish.parts] } : {}) }],
      packages: { run: [], build: [] },
    },
    {
      platform: 'linux/amd64',
      access: channelAccess({ storeDirectory: directory }),
      progress: silent,
    },
  );
  return { ...found, names: (kind: 'run' | 'build') => found[kind].map(({ name }) => name) };
}

const asked = (name: string, version: string): RuntimeWish => ({ name, version, from: 'a file' });

it.each<readonly [RuntimeWish, RegExp]>([
  [asked('java', '11'), /^11\./],
  [asked('java', '>=17'), /^17\./],
  [asked('java', '21'), /^21\./],
  [asked('rust', '>=1.70'), /^1\./],
  [asked('ruby', '3.1'), /^3\.1\./],
  [asked('ruby', '~> 3.3'), /^3\.3\./],
  [asked('php', '7.4.*'), /^7\.4\./],
  [asked('php', '^8.3'), /^8\./],
  [asked('elixir', '~> 1.14'), /^1\./],
  [asked('haskell', '9.6'), /^9\.6\./],
  [asked('crystal', '>= 1.10'), /^1\./],
  [asked('swift', '>=5.9'), /^6\./],
  [asked('maven', '3.9.6'), /^3\.9\.6$/],
  [asked('scala', '1.9.7'), /^1\.9\.7$/],
  [{ name: 'cobol' }, /^3\./],
  [{ name: 'haunt' }, /^0\./],
  [{ name: 'leiningen' }, /^2\./],
  [{ name: 'nginx' }, /^1\./],
  [{ name: 'caddy' }, /^2\./],
])('%o is there with all that it depends on', async (wish, version) => {
  const { runtimes, base } = await provide(wish);
  expect(runtimes).toMatchObject([{ name: wish.name, version: expect.stringMatching(version) }]);
  expect(base?.length).toBeGreaterThan(50);
});

const REFUSED = [
  asked('bun', '99'),
  asked('caddy', '99'),
  asked('cobol', '99'),
  asked('crystal', '99'),
  asked('deno', '99'),
  asked('erlang', '99'),
  asked('go', '99.0'),
  asked('guile', '99'),
  asked('haskell', '99'),
  asked('haunt', '99'),
  asked('java', '8'),
  asked('leiningen', '99'),
  asked('nginx', '99'),
  asked('node', '99'),
  asked('npm', '99'),
  asked('pnpm', '99'),
  asked('python', '3.99'),
  asked('swift', '99'),
  asked('yarn', '99'),
  asked('zig', '99.0.0'),
  asked('rust', '1.0.0'),
  asked('ruby', '3.2.1'),
  asked('php', '8.3.*'),
  asked('elixir', '1.1'),
  asked('maven', '3.9.999'),
  asked('scala', '1.999.0'),
];

it.each(REFUSED)('%o is refused, and what there is is named', async (wish) => {
  // The nearest stand in the message, or in the hint where each release of Debian has its own.
  const error = await provide(wish).catch((thrown: UserError) => thrown);
  expect(error).toMatchObject({ code: 'TOOLCHAIN_UNAVAILABLE' });
  expect(error instanceof UserError ? [error.message, error.hint].join(' ') : '').toMatch(
    /(?:the nearest (?:is|are)|Ask for a version that there is:) [0-9]/,
  );
});

it('has a refusal for every runtime that can have several versions', () => {
  const without = RUNTIMES.map(({ name }) => name).filter(
    (name) => !REFUSED.some((wish) => wish.name === name),
  );
  // Gradle's address is asked itself; of the others no version is to be had.
  expect(without).toEqual(['gradle', 'dotnet', 'dart', 'lunatic', 'gleam', 'clojure']);
});

it('brings extensions of PHP as packages, and no init system', async () => {
  const { names } = await provide({ name: 'php', parts: ['redis', 'pdo_mysql', 'intl'] });
  expect(names('run').join(' ')).toMatch(/-redis\b.*-mysql\b|-mysql\b.*-redis\b/);
  expect(names('run')).not.toContain('systemd');
});

it.each(['java', 'rust', 'ruby', 'php', 'elixir', 'crystal', 'swift', 'cobol', 'haskell'])(
  'keeps compilers out of the image of %s',
  async (name) => {
    const { names } = await provide({ name });
    expect(RUNTIMES.map((each) => each.name)).toContain(name);
    expect(names('run').join(' ')).not.toMatch(
      /(?:^| )(?:gcc|g\+\+|\S+-dev|\S+-jdk\S*|rustc|ghc)( |$)/,
    );
    expect(names('build').length).toBeGreaterThan(0);
  },
);

import type { RuntimeWish } from '@nx-nixpack/plan';
import { releaseSources } from './debian-releases.fixture.js';
import { RUNTIMES } from './index.js';
import type { Runtime, RuntimeChoice, RuntimeSources } from './runtime.js';

const RELEASES = ['trixie', 'bookworm', 'bullseye', 'forky'] as const;

function runtime(name: string): Runtime {
  const found = RUNTIMES.find((each) => each.name === name);
  if (found === undefined) throw new Error(`${name} is in no list`);
  return found;
}

interface Found extends RuntimeChoice {
  readonly release: string;
}

/** The first release that has it, as planning asks them. */
async function find(
  wish: RuntimeWish,
  more: Partial<RuntimeSources> = {},
): Promise<Found | undefined> {
  for (const release of RELEASES) {
    const choice = await runtime(wish.name).resolve(wish, releaseSources(release, more));
    if (choice !== undefined) return { ...choice, release };
  }
  return undefined;
}

const asked = (name: string, version: string, parts?: readonly string[]): RuntimeWish => ({
  name,
  version,
  from: 'a file',
  ...(parts ? { parts } : {}),
});

describe('RUNTIMES', () => {
  it.each([
    ['java', '>=8', '17.0.19', 'bookworm'],
    ['java', '>=17', '17.0.19', 'bookworm'],
    ['java', '>=18', '21.0.13', 'trixie'],
    ['java', '21', '21.0.13', 'trixie'],
    ['java', '25.0.1', '25.0.5', 'trixie'],
    ['java', '11', '11.0.24', 'bullseye'],
    ['java', '26', '26.0.2.1', 'forky'],
    ['rust', '>=1.70', '1.85.1', 'trixie'],
    ['rust', '>=1.90', '1.97.1', 'forky'],
    ['rust', 'stable', '1.97.1', 'forky'],
    ['rust', '1.63', '1.63.0', 'bookworm'],
    ['ruby', '3.3', '3.3.8', 'trixie'],
    ['ruby', '~> 3.1.0', '3.1.2', 'bookworm'],
    ['ruby', '>= 2.7', '3.3.8', 'trixie'],
    ['php', '^8.1', '8.4.27', 'trixie'],
    ['php', '8.2.*', '8.2.32', 'bookworm'],
    ['php', '^7.2', '7.4.33', 'bullseye'],
    ['php', '*', '8.4.27', 'trixie'],
    ['elixir', '~> 1.14', '1.18.3', 'trixie'],
    ['elixir', '1.14', '1.14.0', 'bookworm'],
    ['haskell', '9.6', '9.6.6', 'trixie'],
    ['haskell', '9.0', '9.0.2', 'bookworm'],
    ['crystal', '>= 1.0', '1.14.0', 'trixie'],
    ['swift', '>=5.9', '6.0.3', 'trixie'],
    ['maven', '3.6.3', '3.6.3', 'trixie'],
    ['scala', '1.9.7', '1.9.7', 'trixie'],
    ['haunt', '>=0.3', '0.4.0', 'forky'],
  ])('%s %s is %s of %s', async (name, version, expected, release) => {
    expect(await find(asked(name, version))).toMatchObject({ version: expected, release });
  });

  it.each([
    ['java', '17', '17.0.19'],
    ['java', '8', '17.0.19'],
    ['java', undefined, '25.0.5'],
    ['php', '8.3', '8.4.27'],
    ['ruby', '3.2', '3.3.8'],
    ['elixir', '9', '1.18.3'],
    ['rust', '1.70', '1.85.1'],
    ['maven', undefined, '3.9.11'],
    ['scala', undefined, '1.11.7'],
    ['nginx', undefined, '1.26.3'],
    ['cobol', undefined, '3.2'],
  ])('%s takes the nearest where only a default names %s', async (name, version, expected) => {
    const found = await find({ name, ...(version === undefined ? {} : { version }) });
    expect(found?.version).toBe(expected);
  });

  it.each([
    ['java', '8'],
    ['java', '20'],
    ['java', '27'],
    ['rust', '1.79.0'],
    ['rust', 'nightly-2024-05-01'],
    ['ruby', '3.3.5'],
    ['php', '8.3.*'],
    ['elixir', '1.17'],
    ['haskell', '9.4'],
    ['swift', '5.8'],
    ['crystal', '1.6'],
  ])('%s %s is in no release', async (name, version) => {
    expect(await find(asked(name, version))).toBeUndefined();
  });

  it.each([
    ['maven', '3.9.99', /Maven 3\.9\.99 \(a file\).*3\.9\.11/],
    ['scala', '0.13.18', /sbt 0\.13\.18 \(a file\)/],
    ['gradle', 'https://example.com/gradle-8.10-bin.zip', /example\.com.*does not answer/],
    ['dotnet', '8', /SDK is published on hosts of its own/],
    ['dart', '', /SDK/],
    ['gleam', '1.0', /compiler/],
    ['clojure', '', /Leiningen/],
    ['lunatic', '', /no longer published/],
  ])('%s %s is refused at once, with the reason', async (name, version, message) => {
    await expect(find(asked(name, version))).rejects.toMatchObject({
      code: 'TOOLCHAIN_UNAVAILABLE',
      message: expect.stringMatching(message),
    });
  });

  it('says what each release has, for the refusal that names the nearest', async () => {
    const there = await Promise.all(
      RELEASES.map(async (release) => runtime('java').available?.(releaseSources(release))),
    );
    expect(there.flatMap((versions) => versions ?? [])).toEqual([
      '21.0.13',
      '25.0.5',
      '17.0.19',
      '11.0.24',
      '17.0.12',
      '26.0.2.1',
    ]);
  });

  it('lets the wrapper of Gradle download where its address answers', async () => {
    const reachable = () => Promise.resolve(true);
    const url = 'https://example.com/distributions/gradle-8.10.2-bin.zip';
    expect(await find(asked('gradle', url), { reachable })).toMatchObject({ version: '8.10.2' });
  });

  it('takes an older Rust beside languages that testing may not have', async () => {
    const found = await find({ name: 'rust' }, { others: ['python'] });
    expect(found).toMatchObject({ version: '1.85.1', release: 'trixie' });
  });

  it('brings the extensions that a source names, and refuses one that is no package', async () => {
    const found = await find(asked('php', '^8.2', ['pdo_mysql', 'redis', 'json', 'simplexml']));
    expect(found?.packages.run).toEqual([
      'systemd-standalone-tmpfiles',
      'php8.4-cli',
      'php8.4-fpm',
      ...['curl', 'mysql', 'xml', 'redis'].map((name) => `php8.4-${name}`),
    ]);
    await expect(find(asked('php', '^8.2', ['vanished']))).rejects.toMatchObject({
      message: expect.stringContaining("php's extension vanished"),
    });
  });

  it('keeps what compiles out of the image', async () => {
    for (const name of ['java', 'rust', 'ruby', 'php', 'elixir', 'crystal', 'cobol', 'swift']) {
      const { packages } = (await find({ name })) ?? { packages: { run: ['gcc'] } };
      expect(packages.run.join(' ')).not.toMatch(
        /\b(?:gcc|jdk|\S+-dev|rustc|composer|gnucobol3)\b/,
      );
    }
  });
});

describe('attributes of Nix packages', () => {
  it.each([
    ['jdk17', 'java', '17'],
    ['jdk', 'java', ''],
    ['(sbt.override { jre = jdk21; })', 'java', '21'],
    ['(sbt.override { jre = jdk21; })', 'scala', ''],
    ['(rust-bin.stable.latest.default.override { targets = ["x"]; })', 'rust', 'stable'],
    ['rust-bin.stable."1.70".default', 'rust', '1.70'],
    ['(rust-bin.fromRustupToolchainFile ../rust-toolchain)', 'rust', 'stable'],
    ['(php83.withExtensions (pe: pe.enabled ++ []))', 'php', '8.3'],
    ['php81Packages.composer', 'php', '8.1'],
    ['phpPackages.composer', 'php', ''],
    ['elixir_1_14', 'elixir', '1.14'],
    ['gnu-cobol', 'cobol', ''],
    ['dotnet-sdk_8', 'dotnet', ''],
    ['gradle_7', 'gradle', ''],
  ])('%s asks for %s %s', (attribute, name, version) => {
    expect(runtime(name).wanted(attribute)).toBe(version);
    const takers = RUNTIMES.filter((each) => each.wanted(attribute) !== undefined);
    expect(takers.map((each) => each.name)).toContain(name);
  });
});

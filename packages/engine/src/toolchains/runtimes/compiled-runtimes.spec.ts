import type { RuntimeWish } from '@nx-nixpack/plan';
import { go } from './go.js';
import { python } from './python/index.js';
import type { RuntimeSources } from './runtime.js';
import { scriptedSources } from './scripted-sources.contract.js';
import { zig } from './zig.js';

const GOES = ['1.19.13', '1.21.13', '1.22.2', '1.22.12', '1.25.14', '1.26rc1', '1.27.4'];
const channels = {
  'go:golang.org/toolchain': GOES.flatMap((version) => [
    `v0.0.1-go${version}.linux-amd64`,
    `v0.0.1-go${version}.darwin-arm64`,
  ]),
  'pypi:ziglang': ['0.11.0', '0.12.1', '0.13.0', '0.13.0.post1', '0.14.0.dev1', '0.17.1'],
  'debian:python3': ['3.13.5-1'],
  'maven:org.bytedeco:cpython:jar:linux-x86_64': [
    '3.6-1.5',
    '3.9.6-1.5.6',
    '3.10.8-1.5.8',
    '3.12.1-1.5.10',
    '3.13.5-1.5.12',
    '3.14.3-1.5.13',
  ],
};
const sources = scriptedSources(channels);
const inRelease = (release: string, version: string): RuntimeSources =>
  scriptedSources({ ...channels, 'debian:python3': [version] }, { release });
const asked = (name: string, version: string): RuntimeWish => ({ name, version, from: 'a file' });

describe('go', () => {
  it.each<[string, string]>([
    // The line of go.mod is a minimum: the newest patch of its minor.
    ['1.22', '1.22.12'],
    ['1.22.3', '1.22.12'],
    ['go1.22.0', '1.22.12'],
    ['1.22rc1', '1.22.12'],
    // Its minor is not there, or not as new: the next one that is.
    ['1.20', '1.21.13'],
    ['1.22.13', '1.25.14'],
    ['', '1.27.4'],
  ])('%s is met by %s', async (version, expected) => {
    const choice = await go.resolve(asked('go', version), sources);
    expect(choice?.version).toBe(expected);
    expect(choice?.archives[0]?.version).toBe(`v0.0.1-go${expected}.linux-amd64`);
    expect(choice?.env).toEqual({ GOTOOLCHAIN: 'local' });
  });

  it('refuses what is newer than all', async () => {
    await expect(go.resolve(asked('go', '1.99'), sources)).rejects.toMatchObject({
      code: 'TOOLCHAIN_UNAVAILABLE',
      message: 'Go 1.99 (a file) is not to be had: the nearest is 1.27.4',
    });
  });

  it('is in no image: what it makes needs nothing of it', async () => {
    const choice = await go.resolve(asked('go', ''), sources);
    const steps = go.steps({ name: 'go', wanted: '', ...choice! });
    expect(steps.run).toEqual([]);
    expect(steps.build[0]).toMatchObject({
      from: 'golang.org/toolchain@v0.0.1-go1.27.4.linux-amd64',
      executable: ['bin', 'pkg/tool'],
      rename: { '_go.mod': 'go.mod' },
    });
  });

  it('is what Nix names so', () => {
    expect(['go', 'go_1_23', 'golangci-lint'].map(go.wanted)).toEqual(['', '1.23', undefined]);
  });
});

describe('zig', () => {
  it.each<[string, string]>([
    ['0.13.0', '0.13.0.post1'],
    ['0.12.0', '0.12.1'],
    ['0.17.0-dev.3+abc', '0.17.1'],
    ['', '0.17.1'],
  ])('%s is met by %s', async (version, expected) => {
    expect((await zig.resolve(asked('zig', version), sources))?.version).toBe(expected);
  });

  it('refuses a minor that is not there, for the next is another language', async () => {
    await expect(zig.resolve(asked('zig', '0.15.0'), sources)).rejects.toMatchObject({
      code: 'TOOLCHAIN_UNAVAILABLE',
      message: expect.stringContaining('the nearest are 0.13.0.1, 0.17.1'),
    });
  });
});

describe('python', () => {
  it.each<[string, string | undefined, string]>([
    ['', '3.13.5', 'trixie'],
    ['>=3.10', '3.13.5', 'trixie'],
    ['3.13', '3.13.5', 'trixie'],
    // Patches of a minor replace each other.
    ['3.13.1', '3.13.5', 'trixie'],
    ['python-3.13.1', '3.13.5', 'trixie'],
    // Another release of Debian has it, and looks after it.
    ['3.11', undefined, 'trixie'],
    ['>=3.9,<3.13', undefined, 'trixie'],
    ['3.9', undefined, 'trixie'],
  ])('%s is %s in Debian', async (version, expected) => {
    const choice = await python.resolve(asked('python', version), sources);
    expect(choice?.version).toBe(expected);
    expect(choice?.archives ?? []).toEqual([]);
  });

  it.each<[string, string]>([
    ['3.12', '3.12.1'],
    ['3.12.4', '3.12.1'],
    ['cpython-3.10', '3.10.8'],
    ['>=3.14', '3.14.3'],
    ['^3.12,<3.13', '3.12.1'],
  ])('%s, which no release has, is a build of %s', async (version, expected) => {
    const choice = await python.resolve(asked('python', version), sources);
    expect(choice?.version).toBe(expected);
    expect(choice?.archives).toHaveLength(1);
    expect(choice?.env).toMatchObject({ SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt' });
  });

  it('takes the release that has it', async () => {
    const choice = await python.resolve(
      asked('python', '3.11'),
      inRelease('bookworm', '3.11.2-1+b1'),
    );
    expect(choice).toMatchObject({ version: '3.11.2', archives: [] });
  });

  it.each<[string, string, boolean]>([
    ['3.12.4', '3.12.1', true],
    ['3.12.1', '3.12.1', false],
    ['python-3.13.1', '3.13.5', true],
    ['3.12', '3.12.1', false],
    ['>=3.12.4', '3.13.5', false],
    ['', '3.13.5', false],
  ])('%s is met by %s; a patch instead of it: %p', async (version, expected, instead) => {
    const choice = await python.resolve(asked('python', version), sources);
    expect(choice).toMatchObject({ version: expected, instead });
  });

  it.each<[string, string]>([
    ['3.8', 'Python 3.8 (a file) is not to be had: the nearest are 3.9.6, 3.14.3'],
    ['2.7', 'Python 2.7 (a file) is not to be had: the nearest are 3.9.6, 3.14.3'],
    ['pypy3.9', 'Python pypy3.9 (a file) is not to be had: the nearest are 3.9.6, 3.14.3'],
    ['3.99', 'Python 3.99 (a file) is not to be had: the nearest is 3.14.3'],
    ['3.99.1', 'Python 3.99.1 (a file) is not to be had: the nearest is 3.14.3'],
  ])('refuses %s', async (version, message) => {
    await expect(python.resolve(asked('python', version), sources)).rejects.toMatchObject({
      code: 'TOOLCHAIN_UNAVAILABLE',
      message,
    });
  });

  it('is what Nix names so', () => {
    const names = [
      'python3',
      'python313',
      'python39',
      'python27',
      'python3Full',
      'python3Packages.x',
    ];
    expect(names.map(python.wanted)).toEqual(['', '3.13', '3.9', '2.7', '', undefined]);
  });
});

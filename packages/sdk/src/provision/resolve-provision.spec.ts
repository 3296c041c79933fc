import { silent, type HttpRequest } from '@nx-nixpack/base';
import type { ChannelAccess } from '@nx-nixpack/channels';
import type { ProvisionRequest, Runtime } from '@nx-nixpack/engine';
import { debianMirror, packageText } from '@nx-nixpack/testing';
import type { BaseSystem } from '../bases/base-system.js';
import { resolveProvision } from './index.js';

const ESSENTIAL = ['apt', 'bash', 'ca-certificates', 'mawk', 'netbase', 'passwd', 'tzdata'];
const suite = (...more: readonly [name: string, version: string, fields?: string][]): string =>
  [
    ...ESSENTIAL.map((name) => packageText(name, '1', name === 'bash' ? 'Essential: yes\n' : '')),
    ...more.map((one) => packageText(...one)),
  ].join('\n');

const HOST = 'https://mirror.example.com/';

async function machine(
  suites: Parameters<typeof debianMirror>[0],
  debianExpiry = true,
): Promise<ChannelAccess> {
  const { files, keys } = await debianMirror(suites);
  const transport = {
    request: ({ url }: HttpRequest) => {
      const found = files[url.href.slice(HOST.length)];
      const body = (async function* () {
        yield Buffer.from(found ?? '');
      })();
      return Promise.resolve({ status: found === undefined ? 404 : 200, headers: {}, body });
    },
  };
  const goChecksums = { verifier: '', url: HOST, except: [] };
  return {
    transport,
    mirrors: { debian: [{ url: HOST, next: 'any' }] },
    trust: { debianKeys: keys, debianExpiry, goChecksums },
    memory: { read: () => undefined, write: () => undefined },
  };
}

const TRIXIE = suite(['rustc', '1.85.0'], ['cargo', '1.85.0'], ['libgcc-s1', '14'], ['curl', '8']);
const BUILD = ['gcc', 'g++', 'libc6-dev', 'pkgconf', 'make'].map((name) => packageText(name, '1'));
const FORKY = `${TRIXIE.replaceAll('1.85.0', '1.92.0')}\n${BUILD.join('\n')}`;
const SUITES = {
  trixie: `${TRIXIE}\n${BUILD.join('\n')}`,
  bookworm: `${suite(['wkhtmltopdf', '0.12'], ['curl', '7'], ['libssl', '3'])}\n${BUILD.join('\n')}`,
};

const wanted = (change: Partial<ProvisionRequest> = {}): ProvisionRequest => ({
  ...{ base: true, runtimes: [], packages: { run: [], build: [] } },
  ...change,
});
const resolve = (
  access: ChannelAccess,
  request: ProvisionRequest,
  more: { system?: BaseSystem; runtimes?: readonly Runtime[] } = {},
) => resolveProvision(request, { platform: 'linux/amd64', access, progress: silent, ...more });

describe('resolveProvision', () => {
  it('takes the next release that has a package, unless a runtime is asked for that it lacks', async () => {
    const access = await machine(SUITES);
    const packages = { run: ['wkhtmltopdf'], build: [] };
    const found = await resolve(access, wanted({ packages }));
    expect(found).toMatchObject({ release: 'bookworm', run: [{ name: 'wkhtmltopdf' }] });
    const rust = [{ name: 'rust', version: '>=1.80', from: 'rust-version of Cargo.toml' }];
    await expect(resolve(access, wanted({ packages, runtimes: rust }))).rejects.toMatchObject({
      code: 'TOOLCHAIN_UNAVAILABLE',
      message: expect.stringMatching(/trixie.*wkhtmltopdf/) as string,
    });
  });

  it('tells of a release without its security updates, which a mirror may withhold', async () => {
    const warned = async (suites: Parameters<typeof machine>[0]): Promise<string[]> => {
      const lines: string[] = [];
      const progress = { ...silent, warn: (line: string) => void lines.push(line) };
      const access = await machine(suites);
      await resolveProvision(wanted(), { platform: 'linux/amd64', access, progress });
      return lines;
    };
    const security = { 'trixie-security': suite() };
    expect(await warned(SUITES)).toEqual([expect.stringMatching(/trixie-security/)]);
    expect(await warned({ ...SUITES, ...security })).toEqual([]);
  });

  describe('for a source of Rust that asks for no version', () => {
    const rust = wanted({ runtimes: [{ name: 'rust', version: 'stable' }] });
    const versions = async (access: ChannelAccess) => {
      const { release, runtimes } = await resolve(access, rust);
      return [release, runtimes[0]?.version];
    };

    it('takes that of testing', async () => {
      expect(await versions(await machine({ ...SUITES, forky: FORKY }))).toEqual([
        'forky',
        '1.92.0',
      ]);
    });

    it('takes that of a stable release where no mirror has testing', async () => {
      expect(await versions(await machine(SUITES))).toEqual(['trixie', '1.85.0']);
    });

    it('takes that of a stable release where testing cannot be verified', async () => {
      const stale = { packages: FORKY, more: 'Valid-Until: Sat, 01 Jan 2000 00:00:00 UTC\n' };
      const suites = { ...SUITES, forky: stale };
      expect(await versions(await machine(suites))).toEqual(['trixie', '1.85.0']);
      expect(await versions(await machine(suites, false))).toEqual(['forky', '1.92.0']);
    });
  });

  describe('for a base that the user named', () => {
    const at = { file: 'deployments/shop.yaml', line: 7, column: 9 };
    const base = (release: string): BaseSystem => ({
      ...{ reference: 'oci:base', at, release, installed: [] },
      status: 'Package: curl\nVersion: 6\nArchitecture: amd64\n',
    });

    it('takes packages of its release, those that are not there', async () => {
      const packages = { run: ['curl', 'libssl'], build: ['make', 'curl'] };
      const request = wanted({ base: false, packages });
      const found = await resolve(await machine(SUITES), request, { system: base('bookworm') });
      expect(found).toMatchObject({
        release: 'bookworm',
        run: [{ name: 'libssl' }],
        build: [{ name: 'make' }],
      });
      expect(found).not.toHaveProperty('base');
    });

    it.each([
      ['jammy', [], /oci:base is of the release jammy, which no mirror/, /NX_NIXPACK_DEBIAN/],
      ['bookworm', ['rust'], /bookworm.*oci:base.*rust >=1.80/, /Leave build_image out/],
    ])('refuses %s with %j at its line', async (release, names, message, hint) => {
      const runtimes = names.map((name) => ({ name, version: '>=1.80', from: 'Cargo.toml' }));
      const request = wanted({ base: false, runtimes });
      const refused = resolve(await machine(SUITES), request, { system: base(release) });
      const text = (pattern: RegExp) => expect.stringMatching(pattern) as string;
      await expect(refused).rejects.toMatchObject({
        ...{ code: 'TOOLCHAIN_UNAVAILABLE', at, message: text(message), hint: text(hint) },
      });
    });
  });
});

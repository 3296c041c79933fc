import { memoryTree, type FileTree } from '@nx-nixpack/base';
import type { PlatformPlan } from '../records/plan.js';
import { baseSystem, type BaseSystemOptions } from './base-system.js';
import { requireDebian, systemIn } from './system-facts.js';

const STATUS = `Package: bash
Status: install ok installed
Version: 5.2
Architecture: amd64
Description: a shell

Package: gone
Status: deinstall ok config-files
Version: 1
Architecture: amd64
`;
const osRelease = (id: string, name: string, codename = '') =>
  `PRETTY_NAME="${name}"\nID=${id}\n${codename === '' ? '' : `VERSION_CODENAME=${codename}\n`}`;
const debian = (os = osRelease('debian', 'Debian GNU/Linux 12 (bookworm)', 'bookworm')): FileTree =>
  memoryTree({
    'etc/os-release': { link: '../usr/lib/os-release' },
    'usr/lib/os-release': os,
    'usr/bin/dpkg': { executable: '' },
    'var/lib/dpkg/status': STATUS,
  });
const at = { file: 'deployments/shop.yaml', line: 7, column: 9 };

it('reads the release of a base and what is installed in it', () => {
  const facts = systemIn(debian());
  expect(facts).toMatchObject({ id: 'debian', release: 'bookworm' });
  expect(facts.status.trim()).toBe('Package: bash\nVersion: 5.2\nArchitecture: amd64');
  expect(requireDebian('base:1', facts, at)).toBe(facts);
  const ubuntu = systemIn(debian(osRelease('ubuntu', 'Ubuntu 24.04 LTS', 'noble')));
  expect(requireDebian('base:1', ubuntu, at).release).toBe('noble');
});

it.each<[string, FileTree, RegExp]>([
  [
    'another distribution',
    memoryTree({ 'etc/os-release': osRelease('alpine', 'Alpine Linux v3.20') }),
    /base:1 is "Alpine Linux v3\.20", and/,
  ],
  [
    'a derivative, whose packages are others',
    debian(osRelease('kali', 'Kali GNU/Linux Rolling', 'kali-rolling')),
    /"Kali GNU\/Linux Rolling", and/,
  ],
  [
    'a Debian without a package manager',
    memoryTree({ 'etc/os-release': osRelease('debian', 'Distroless', 'bookworm') }),
    /"Distroless" without dpkg/,
  ],
  ['a release without a name', debian(osRelease('debian', 'Debian')), /of no release that it/],
  ['a name that leads elsewhere', debian(osRelease('debian', 'x', '../x')), /of no release/],
  ['nothing known', memoryTree({}), /of no distribution that it names/],
])('refuses %s at its line, with the ways out', (_what, tree, message) => {
  expect(() => requireDebian('base:1', systemIn(tree), at)).toThrow(
    expect.objectContaining({
      ...{ code: 'BASE_INVALID', at },
      message: expect.stringMatching(message) as string,
      hint: expect.stringMatching(/Leave build_image out.*of Debian.*toolchain: base/) as string,
    }),
  );
});

it('knows of the image of a component what was resolved for it, and not more', async () => {
  const archive = (name: string) => ({ id: `debian:${name}@1:amd64`, name, version: '1' });
  const provision = { release: 'trixie', base: [archive('bash')], run: [archive('curl')] };
  const planOf = (name: string) =>
    Promise.resolve({
      bases: {},
      settings: { keepBuildTools: name === 'tools' },
      provision: { ...provision, build: [archive('gcc')] },
    } as unknown as PlatformPlan);
  const options = { planOf } as unknown as BaseSystemOptions;
  const names = async (component: string) => {
    const pin = { reference: `{{ nixpack.${component}.ref }}`, component };
    const { release, installed } = await baseSystem(pin, undefined, options);
    return [release, ...installed.map((one) => one.name)];
  };
  expect(await names('web')).toEqual(['trixie', 'bash', 'curl']);
  expect(await names('tools')).toEqual(['trixie', 'bash', 'curl', 'gcc']);
});

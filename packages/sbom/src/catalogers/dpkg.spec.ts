import { bytes, type MemoryFile, memoryTree } from '@nx-nixpack/base';
import { catalogWith, foundBy, itKeepsTheCatalogerContract } from '../cataloger.contract.js';
import { dpkg } from './dpkg.js';

const stanza = (
  name: string,
  version: string,
  more = '',
  status = 'install ok installed',
): string =>
  `Package: ${name}\nStatus: ${status}\nArchitecture: amd64\nVersion: ${version}\n${more}`;
const STATUS = '/var/lib/dpkg/status';
const RELEASE = { '/etc/os-release': 'NAME="Debian"\nID=debian\nVERSION_ID="12"\n' };
const find = (files: Record<string, MemoryFile>) =>
  catalogWith(dpkg, memoryTree({ ...RELEASE, ...files }));

describe('dpkg', () => {
  itKeepsTheCatalogerContract(
    dpkg,
    { [STATUS]: `${stanza('a', '1:1.0-1', 'Depends: b\n')}\n${stanza('b', '2')}` },
    { '/var/lib/dpkg/status.d/broken': 'Package: broken\n' },
  );

  it('describes a package with distribution, architecture and source', () => {
    const { findings } = find({
      [STATUS]: stanza(
        'libc++6',
        '1:12~rc1-3+b1',
        'Source: gcc (12)\nMaintainer: The Team <team@example.org>\nDescription: short\n long\n',
      ),
    });
    expect(findings[0]?.package).toEqual({
      name: 'libc++6',
      version: '1:12~rc1-3+b1',
      purl: 'pkg:deb/debian/libc%2B%2B6@1:12~rc1-3+b1?arch=amd64&distro=debian-12',
      licenses: { declared: [] },
      hashes: [],
      supplier: 'The Team',
      description: 'short',
      properties: { 'deb:architecture': 'amd64', 'deb:source': 'gcc (12)' },
    });
  });

  it('leaves out what was removed, keeps what is not fully configured, reads stanzas of status.d', () => {
    const catalog = find({
      [STATUS]: [
        stanza('a', '1', '', 'deinstall ok config-files'),
        stanza('b', '1', '', 'install ok half-configured'),
        stanza('c', '1', '', 'purge ok not-installed'),
      ].join('\n'),
      '/var/lib/dpkg/status.d/tzdata': 'Package: tzdata\nVersion: 2024a-0\n',
      '/var/lib/dpkg/status.d/tzdata.md5sums':
        '0123456789abcdef0123456789abcdef  usr/share/zoneinfo/UTC\n',
    });
    expect(foundBy(catalog)).toEqual(['b@1', 'tzdata@2024a-0']);
    expect(catalog.owner?.(bytes`usr/share/zoneinfo/UTC`)).toBe(
      'pkg:deb/debian/tzdata@2024a-0?distro=debian-12',
    );
  });

  it('resolves dependencies by name, by Provides and in every alternative', () => {
    const { edges } = find({
      [STATUS]: [
        stanza(
          'a',
          '1',
          'Pre-Depends: c (>= 2)\nDepends: b:any | gone, awk,\n libx\nRecommends: mail\n',
        ),
        stanza('b', '1'),
        stanza('c', '2'),
        stanza('mawk', '1', 'Provides: awk (= 1), nawk\n'),
        stanza('exim', '1', 'Provides: mail\n'),
      ].join('\n'),
    });
    expect(
      edges.map((edge) => `${edge.kind} ${edge.to.replace(/^.*\/(.*)@.*$/, '$1')}`).sort(),
    ).toEqual(['optional exim', 'runtime b', 'runtime c', 'runtime mawk']);
  });

  it('knows the owner of a file, also where a directory became a link', () => {
    const { owner, findings } = find({
      [STATUS]: `${stanza('dash', '1')}\n${stanza('libc6', '1')}`,
      '/var/lib/dpkg/info/dash.list': '/.\n/bin\n/bin/sh\n',
      '/var/lib/dpkg/info/libc6:amd64.list': '/.\n/usr/lib/libc.so.6\n',
      '/bin': { link: 'usr/bin' },
      '/usr/bin/sh': '',
      '/usr/lib/libc.so.6': '',
    });
    expect(owner?.(bytes`usr/bin/sh`)).toMatch(/^pkg:deb\/debian\/dash@1/);
    expect(owner?.(bytes`usr/lib/libc.so.6`)).toMatch(/^pkg:deb\/debian\/libc6@1/);
    expect(owner?.(bytes`usr/bin/other`)).toBeUndefined();
    expect(findings.map((one) => one.place)).toEqual([
      'var/lib/dpkg/info/dash.list',
      'var/lib/dpkg/info/libc6:amd64.list',
    ]);
  });

  it.each([
    [
      'Format: https://x\n\nFiles: *\nLicense: GPL-2+\n text\n\nLicense: Expat\n',
      [
        { kind: 'id', id: 'GPL-2.0-or-later' },
        { kind: 'id', id: 'MIT' },
      ].reverse(),
    ],
    [
      'Format: x\nLicense: LGPL-3+ or GPL-2+\n',
      [{ kind: 'expression', expression: 'LGPL-3.0-or-later OR GPL-2.0-or-later' }],
    ],
    [
      'Format: x\nLicense: GPL-2+ with OpenSSL exception\n',
      [{ kind: 'name', name: 'GPL-2+ with OpenSSL exception' }],
    ],
    [
      'See /usr/share/common-licenses/GPL-2.\n/usr/share/common-licenses/Apache-2.0',
      [
        { kind: 'id', id: 'Apache-2.0' },
        { kind: 'name', name: 'GPL-2' },
      ],
    ],
    ['nothing', []],
  ])('reads the licenses of the copyright file %j', (text, expected) => {
    const { findings } = find({
      [STATUS]: stanza('a', '1'),
      '/usr/share/doc/a-data/copyright': text,
      '/usr/share/doc/a': { link: 'a-data' },
    });
    expect(findings[0]?.package.licenses.declared).toEqual(expected);
  });
});

import { type MemoryFile } from '@nx-nixpack/base';
import type { CatalogOptions } from './catalog-image.js';
import { goExecutable } from './go/go-executable.sample.js';

const DIGEST = `sha256:${'1f'.repeat(32)}`;

export const ABOUT: CatalogOptions = {
  subject: { name: 'shop/api', digest: DIGEST, purl: `pkg:oci/api@${DIGEST}` },
  created: 0,
  tool: { name: 'nx-nixpack', version: '0.1.0' },
};

const json = (value: unknown): string => JSON.stringify(value);
const deb = (name: string, version: string, arch: string, more = ''): string =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: ${arch}\nVersion: ${version}\n${more}\n`;

/** An image with something of every kind, twice where that is easy to get wrong. */
export const SAMPLE: Readonly<Record<string, MemoryFile>> = {
  '/etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
  '/var/lib/dpkg/status':
    deb(
      'nodejs',
      '18.1.0',
      'amd64',
      'Maintainer: Team <t@example.org>\nRecommends: python3-yaml\n',
    ) + deb('python3-yaml', '6.0-3', 'all'),
  '/var/lib/dpkg/info/nodejs.list': '/.\n/usr/bin/node\n',
  '/var/lib/dpkg/info/python3-yaml.list':
    '/.\n/usr/lib/python3/dist-packages/PyYAML-6.0.egg-info\n',
  '/usr/share/doc/nodejs/copyright': 'Format: x\nLicense: Expat\n\nLicense: GPL-2+ or Artistic\n',
  '/usr/bin/node': 'node-v18.1.0.tar.gz',
  '/usr/lib/python3/dist-packages/PyYAML-6.0.egg-info': 'Name: PyYAML\nVersion: 6.0\n',
  '/opt/venv/lib/python3.11/site-packages/PyYAML-6.0.dist-info/METADATA':
    'Name: PyYAML\nVersion: 6.0\nLicense: MIT\n',
  '/opt/venv/lib/python3.11/site-packages/flask-3.0.0.dist-info/METADATA':
    'Name: Flask\nVersion: 3.0.0\nLicense-Expression: BSD-3-Clause\nRequires-Dist: pyyaml\n',
  '/usr/local/bin/node': 'node-v22.23.3.tar.gz',
  '/usr/local/lib/node_modules/npm/package.json': json({
    name: 'npm',
    version: '11.0.0',
    license: 'Artistic-2.0',
  }),
  '/usr/local/lib/node_modules/npm/node_modules/abbrev/package.json': json({
    name: 'abbrev',
    version: '4.0.0',
  }),
  '/usr/local/bin/tool': {
    executable: goExecutable('go1.26.1', 'mod\texample.com/tool\tv1.0.0\nbuild\tCGO_ENABLED=0\n'),
  },
  '/app/package.json': json({ name: 'root', dependencies: { debug: '4' } }),
  '/app/libs/money/package.json': json({ name: '@shop/money', dependencies: { ms: '2' } }),
  '/app/node_modules/@shop/money': { link: '../../libs/money' },
  '/app/node_modules/.package-lock.json': json({
    packages: {
      'node_modules/ms': {
        version: '2.1.2',
        integrity: `sha512-${Buffer.alloc(64, 1).toString('base64')}`,
      },
    },
  }),
  '/app/node_modules/debug/package.json': json({
    name: 'debug',
    version: '4.3.4',
    license: '(MIT OR ISC)',
    dependencies: { ms: '2.1.2' },
  }),
  '/app/node_modules/debug/node_modules/ms/package.json': json({
    name: 'ms',
    version: '2.1.2',
    license: 'MIT',
  }),
  '/app/node_modules/ms/package.json': json({
    name: 'ms',
    version: '2.1.2',
    license: 'MIT',
    optionalDependencies: { debug: '*' },
  }),
};

import { type MemoryFile, memoryTree } from '@nx-nixpack/base';
import { catalogWith, foundBy, itKeepsTheCatalogerContract } from '../cataloger.contract.js';
import { python } from './python.js';

const SITE = '/opt/venv/lib/python3.11/site-packages';
const metadata = (name: string, version: string, more = ''): string =>
  `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${more}\nName: not a header\n`;
const find = (files: Record<string, MemoryFile>) => catalogWith(python, memoryTree(files));

describe('python', () => {
  itKeepsTheCatalogerContract(
    python,
    {
      [`${SITE}/flask-3.0.0.dist-info/METADATA`]: metadata(
        'Flask',
        '3.0.0',
        'Requires-Dist: Werkzeug (>=3)\n',
      ),
      [`${SITE}/werkzeug-3.0.1.dist-info/METADATA`]: metadata('Werkzeug', '3.0.1'),
    },
    { [`${SITE}/broken-1.dist-info/METADATA`]: 'Name: broken\n\nVersion: 1\n' },
  );

  it('finds every form of installed metadata, in every environment', () => {
    expect(
      foundBy(
        find({
          [`${SITE}/a-1.dist-info/METADATA`]: metadata('a', '1'),
          '/usr/lib/python3/dist-packages/b-1.egg-info/PKG-INFO': metadata('b', '1'),
          '/usr/lib/python3/dist-packages/c-1.egg-info': metadata('c', '1'),
          [`${SITE}/d-1-py3.11.egg/EGG-INFO/PKG-INFO`]: metadata('d', '1'),
          [`${SITE}/e.egg-link`]: '/app/e\n.',
          '/app/e/e.egg-info/PKG-INFO': metadata('e', '1'),
          '/var/task/f-1.dist-info/METADATA': metadata('f', '1'),
        }),
      ),
    ).toEqual(['a@1', 'b@1', 'c@1', 'd@1', 'e@1', 'f@1']);
  });

  it('passes over copies inside packages, remnants and sources', () => {
    const { findings } = find({
      [`${SITE}/setuptools/_vendor/wheel-0.43.dist-info/METADATA`]: metadata('wheel', '0.43'),
      [`${SITE}/~lask-1.dist-info/METADATA`]: metadata('flask', '1'),
      '/app/src/app.egg-info/PKG-INFO': metadata('app', '1'),
    });
    expect(findings).toEqual([]);
  });

  it('links requirements within the environment, extras as optional', () => {
    const { edges } = find({
      [`${SITE}/a-1.dist-info/METADATA`]: metadata(
        'a',
        '1',
        'Requires-Dist: B.b>=1; python_version < "4"\nRequires-Dist: c[x]; extra == "more"\nRequires-Dist: gone\n',
      ),
      [`${SITE}/B_b-2.dist-info/METADATA`]: metadata('B_b', '2'),
      [`${SITE}/c-1.dist-info/METADATA`]: metadata('c', '1'),
      '/a/site-packages/B_b-1.dist-info/METADATA': metadata('B_b', '1'),
    });
    expect(edges.map((edge) => `${edge.kind} ${edge.to.replace(/#.*/, '')}`)).toEqual([
      'runtime pkg:pypi/b-b@2',
      'optional pkg:pypi/c@1',
    ]);
  });

  it.each([
    [
      'License-Expression: MIT OR Apache-2.0\nLicense: x',
      [{ kind: 'expression', expression: 'MIT OR Apache-2.0' }],
    ],
    ['License: Apache 2.0', [{ kind: 'id', id: 'Apache-2.0' }]],
    [
      'License: BSD\nClassifier: License :: OSI Approved :: BSD License',
      [{ kind: 'name', name: 'BSD License' }],
    ],
    [
      'Classifier: License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)',
      [{ kind: 'id', id: 'GPL-3.0-or-later' }],
    ],
    ['License: Long text\n  of many lines', [{ kind: 'name', name: 'Long text' }]],
    ['License: UNKNOWN', []],
  ])('reads the license of %j', (header, expected) => {
    const { findings } = find({
      [`${SITE}/a-1.dist-info/METADATA`]: metadata('a', '1', `${header}\n`),
    });
    expect(findings[0]?.package.licenses.declared).toEqual(expected);
  });

  it('notes where a distribution came from when it was no index', () => {
    const { findings } = find({
      [`${SITE}/a-1.dist-info/METADATA`]: metadata(
        'a',
        '1',
        'Author-email: Ann Lee <ann@example.org>\n',
      ),
      [`${SITE}/a-1.dist-info/direct_url.json`]: JSON.stringify({
        url: 'https://x/a.whl',
        archive_info: { hashes: { sha256: 'ab'.repeat(32) } },
      }),
    });
    expect(findings[0]?.package).toMatchObject({
      supplier: 'Ann Lee',
      hashes: [{ algorithm: 'sha-256', hex: 'ab'.repeat(32) }],
    });
  });
});

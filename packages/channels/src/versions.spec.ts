import { compareDebian } from './debian/compare-versions.js';
import { compareGo } from './go/compare-versions.js';
import { compareMaven } from './maven/compare-versions.js';
import { compareSemver } from './npm/compare-versions.js';
import { comparePep440 } from './pypi/compare-versions.js';

/** Each list is in order, by the rules of its ecosystem. */
it.each<[string, (a: string, b: string) => number, string]>([
  [
    'Debian',
    compareDebian,
    '1.0~rc1 1.0~rc1-1 1.0 1.0-0.1 1.0-1 1.0-1+b1 1.0+dfsg 1.0.1 1.9 1.10 1:0.1',
  ],
  [
    'Semantic Versioning',
    compareSemver,
    '1.0.0-alpha 1.0.0-alpha.1 1.0.0-beta.2 1.0.0-beta.11 1.0.0 1.9.0 1.10.0',
  ],
  ['PEP 440', comparePep440, '1.0.dev1 1.0a1.dev1 1.0a1 1.0b2 1.0rc1 1.0 1.0.post1 1.9 1.10 1!0.1'],
  ['Maven', compareMaven, '1.0-alpha-1 1.0-beta1 1.0-rc1 1.0-SNAPSHOT 1.0 1.0-sp 1.0.1 1.9 1.10'],
  [
    'Go',
    compareGo,
    'v0.0.1-go1.9.linux-amd64 v0.0.1-go1.22beta1.linux-amd64 v0.0.1-go1.22rc1.linux-amd64 v0.0.1-go1.22.0.linux-amd64 v0.0.1-go1.22.12.linux-amd64',
  ],
])('orders versions as %s does', (_rule, compare, list) => {
  const versions = list.split(' ');
  for (const [index, version] of versions.entries())
    for (const [other, one] of versions.entries())
      expect([version, one, Math.sign(compare(version, one))]).toEqual([
        version,
        one,
        Math.sign(index - other),
      ]);
});

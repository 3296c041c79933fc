import { isRegistryHost, isRepositoryName, isTag } from '@nx-nixpack/data';
import { formatReference, parseReference } from './reference.js';

const DIGEST = `sha256:${'ab'.repeat(32)}`;

describe('parseReference', () => {
  it.each([
    ['node', 'docker.io/library/node'],
    ['node:22', 'docker.io/library/node:22'],
    ['bitnami/redis', 'docker.io/bitnami/redis'],
    ['docker.io/node', 'docker.io/library/node'],
    ['index.docker.io/library/node', 'docker.io/library/node'],
    ['registry-1.docker.io/a/b', 'docker.io/a/b'],
    ['localhost/a', 'localhost/a'],
    ['localhost:5000/a/b/c:v1', 'localhost:5000/a/b/c:v1'],
    ['[::1]:5000/a', '[::1]:5000/a'],
    ['ghcr.io/org/app:1.2.3_x-y', 'ghcr.io/org/app:1.2.3_x-y'],
    ['HOST/a', 'HOST/a'],
    [`node@${DIGEST}`, `docker.io/library/node@${DIGEST}`],
    [`r.example:443/a:t@${DIGEST}`, `r.example:443/a:t@${DIGEST}`],
    ['r.example/a__b/c--d/e.f', 'r.example/a__b/c--d/e.f'],
  ])('%s is %s', (text, full) => {
    expect(formatReference(parseReference(text))).toBe(full);
    expect(formatReference(parseReference(full))).toBe(full);
  });

  it.each([
    '',
    ':tag',
    'a:',
    'a@',
    'a@sha256:abc',
    'a@sha512:' + 'ab'.repeat(64),
    'Upper',
    'r.example/Upper',
    'r.example/',
    'r.example//a',
    'r.example/a/',
    'r.example/a..b',
    'r.example/../a',
    'r.example/a___b',
    'r.example/a:.tag',
    'r.example:0/a',
    'r.example:65536/a',
    'r.example:x/a',
    '-r.example/a',
    'https://r.example/a',
    'user:pw@r.example/a',
    'r.example/a b',
    'r.example/a\n',
    'r.example/a?x=1',
    `r.example/${'a'.repeat(250)}`,
    `a:${'t'.repeat(129)}`,
  ])('refuses %j', (text) => {
    expect(() => parseReference(text)).toThrow(
      expect.objectContaining({ code: 'REGISTRY_INVALID_REFERENCE' }),
    );
  });
});

it('tells hosts, repositories and tags', () => {
  expect(['a', 'a.b:1', '[::1]', '127.0.0.1:80'].every(isRegistryHost)).toBe(true);
  expect(['', 'a_b', 'a/b', 'a:99999', 'a.', '[x]'].some(isRegistryHost)).toBe(false);
  expect(['a', 'a/b-c.d'].every(isRepositoryName)).toBe(true);
  expect(['A', '/a', 'a/', 'a-'].some(isRepositoryName)).toBe(false);
  expect(['a', '_', '1.2-x'].every(isTag)).toBe(true);
  expect(['', '-a', '.a', 'a/b', 'a:b', 'a\n'].some(isTag)).toBe(false);
});

import { DEBIAN_PACKAGE } from './debian-package.js';
import { isRegistryHost, readImageReference } from './image-reference.js';

describe('DEBIAN_PACKAGE', () => {
  it.each(['curl', 'g++', 'libstdc++6', 'curl:arm64', 'curl:any', 'curl=8.5.0-2', 'python3.12'])(
    'takes %s',
    (name) => {
      expect(DEBIAN_PACKAGE.test(name)).toBe(true);
    },
  );

  it.each([
    '-o',
    'curl-',
    'Curl',
    'a',
    'curl;id',
    '$(id)',
    'curl:',
    'curl=',
    'curl=-o',
    'a b',
    'curl:arm64-',
  ])('refuses %s', (name) => {
    expect(DEBIAN_PACKAGE.test(name)).toBe(false);
  });
});

describe('readImageReference', () => {
  it.each([
    ['node:22', { registry: 'docker.io', repository: 'library/node', tag: '22' }],
    ['localhost:5000/team/api', { registry: 'localhost:5000', repository: 'team/api' }],
    ['index.docker.io/node', { registry: 'docker.io', repository: 'library/node' }],
    ['r.example.com/a', { registry: 'r.example.com', repository: 'a' }],
  ])('reads %s', (text, reference) => {
    expect(readImageReference(text)).toEqual(reference);
  });

  it.each([
    ['r.example.com/A', '"A" is not a repository name'],
    ['r.example.com:0/a', '"r.example.com:0" is not a registry host'],
    ['node:', '"" is not a tag'],
    ['node@sha256:1', '"sha256:1" is not a sha256 digest'],
  ])('refuses %s: %s', (text, problem) => {
    expect(readImageReference(text)).toEqual({ problem });
  });

  it.each([
    'r.example.com:65536',
    'r.example.com:05',
    `${'a'.repeat(64)}.example.com`,
    '-r.example.com',
    '',
  ])('takes %j for no host', (host) => {
    expect(isRegistryHost(host)).toBe(false);
  });
});

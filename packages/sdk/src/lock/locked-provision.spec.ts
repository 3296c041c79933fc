import type { Provision, ProvisionRequest } from '@nx-nixpack/engine';
import { EMPTY_LOCK, type LockFile } from './lock-file.js';
import { lockText } from './lock-text.js';
import { lockedProvision, lockedToolchain } from './locked-provision.js';

const integrity = `sha256-${'A'.repeat(43)}=`;
const bash = {
  ...{ id: 'debian:bash@1:5.2-1:amd64', channel: 'debian', name: 'bash', version: '1:5.2-1' },
  ...{ integrity, size: 3, path: 'pool/main/b/bash/bash_5.2-1_amd64.deb' },
};
const request: ProvisionRequest = {
  base: true,
  runtimes: [{ name: 'node', version: '22' }],
  packages: { run: [], build: [] },
};
const provision: Provision = {
  release: 'trixie',
  ...{ base: [bash], run: [], build: [] },
  runtimes: [{ name: 'node', version: '22.1.0', wanted: '22', archives: [], env: {} }],
};
const { id, channel: _channel, name: _name, version: _version, ...described } = bash;
const lock: LockFile = {
  ...EMPTY_LOCK,
  toolchains: { 'shop/nixpack/api': { 'linux/amd64': lockedToolchain(request, provision) } },
  archives: { [id]: described },
};
const found = (from: LockFile, wanted = request) =>
  lockedProvision(from, 'shop/nixpack/api', 'linux/amd64', wanted);

describe('lockedProvision', () => {
  it('gives back what was locked, and knows a request that has changed', () => {
    expect(found(lock)).toEqual({ provision, fits: true });
    expect(found(lock, { ...request, base: false })?.fits).toBe(false);
    expect(lockedProvision(lock, 'shop/nixpack/web', 'linux/amd64', request)).toBeUndefined();
    expect(lockedProvision(lock, 'shop/nixpack/api', 'linux/arm64', request)).toBeUndefined();
  });

  it.each<[string, LockFile['archives'], RegExp]>([
    ['does not describe', {}, /does not describe the archive/],
    ['cannot check', { [id]: { ...described, integrity: 'md5-abc' } }, /cannot be checked/],
  ])('refuses an archive that it %s', (_what, archives, problem) => {
    expect(() => found({ ...lock, archives })).toThrow(problem);
  });
});

it('is written in one way, whatever the order', () => {
  const text = lockText({ b: 1, a: { d: [2, 1], c: 1 } });
  expect(text).toBe(lockText({ a: { c: 1, d: [2, 1] }, b: 1 }));
  expect(text.indexOf('"a"')).toBeLessThan(text.indexOf('"b"'));
});

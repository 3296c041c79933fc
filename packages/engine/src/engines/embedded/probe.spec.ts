import { scriptedRunner } from '@nx-nixpack/testing';
import { probeEmbedded, type Machine } from './probe.js';

const ROOT: Machine = { system: 'linux', user: 0, has: () => true };
const probe = (runner: ReturnType<typeof scriptedRunner>, machine: Partial<Machine> = {}) =>
  probeEmbedded({ runner }, { ...ROOT, ...machine });

describe('probeEmbedded', () => {
  it.each([
    [
      'unshare: unshare failed: Operation not permitted',
      'namespaces or mounts are not allowed here',
    ],
    ['mount: root: unknown filesystem type "overlay".', 'the kernel has no overlay file system'],
    [
      'mount: root: wrong fs type, bad option, bad superblock on overlay',
      'may lie on an overlay itself',
    ],
  ])('explains %j', async (stderr, reason) => {
    const runner = scriptedRunner({ setpriv: { exitCode: 1, stderr } });
    expect(await probe(runner)).toMatchObject({
      ready: false,
      reason: expect.stringContaining(reason),
      hint: expect.stringContaining('volume'),
    });
  });

  it('reports what takes too long, and never throws', async () => {
    const slow = scriptedRunner({ setpriv: { exitCode: undefined, timedOut: true } as never });
    expect(await probe(slow)).toMatchObject({ ready: false });
    expect(await probe(scriptedRunner({}))).toMatchObject({ ready: false });
  });

  it.each<[string, Partial<Machine>, RegExp, RegExp]>([
    ['another user than root', { user: 1000 }, /needs root/, /Run the build as root/],
    ['another system', { system: 'darwin' }, /needs Linux/, /Linux machine/],
    [
      'missing programs',
      { has: (name) => name !== 'unshare' && name !== 'flock' },
      /flock, unshare/,
      /^Install util-linux\.$/,
    ],
  ])('starts nothing for %s', async (_what, machine, reason, hint) => {
    const runner = scriptedRunner({});
    expect(await probe(runner, machine)).toMatchObject({
      ready: false,
      reason: expect.stringMatching(reason),
      hint: expect.stringMatching(hint),
    });
    expect(runner.commands).toEqual([]);
  });
});

import { scriptedRunner } from '@nx-nixpack/testing';
import { probeEmbedded } from './probe.js';

const asRoot = process.getuid?.() === 0 && process.platform === 'linux' ? it : it.skip;

describe('probeEmbedded', () => {
  asRoot.each([
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
    expect(await probeEmbedded(runner, undefined)).toMatchObject({
      ready: false,
      reason: expect.stringContaining(reason),
      hint: expect.stringContaining('volume'),
    });
  });

  asRoot('reports what takes too long, and never throws', async () => {
    const slow = scriptedRunner({ setpriv: { exitCode: undefined, timedOut: true } as never });
    expect(await probeEmbedded(slow, undefined)).toMatchObject({ ready: false });
    expect(await probeEmbedded(scriptedRunner({}), undefined)).toMatchObject({ ready: false });
  });

  it('says that another user than root is not supported yet', async () => {
    const getuid = jest.spyOn(process as { getuid(): number }, 'getuid').mockReturnValue(1000);
    expect(await probeEmbedded(scriptedRunner({}), undefined)).toMatchObject({
      ready: false,
      reason: expect.stringMatching(/root|Linux/),
    });
    getuid.mockRestore();
  });
});

import type { ChannelAccess } from '../channel.js';
import { packageText, signedSuite, type SignedSuite } from '@nx-nixpack/testing';
import { HOST, registries, serving, type Files } from '../registries.contract.js';
import { findRelease } from './open-release.js';

describe('findRelease', () => {
  let files: Files;
  let access: ChannelAccess;
  beforeEach(async () => ({ files, access } = await registries()));
  const find = (codename = 'trixie', own = access) => findRelease(codename, 'linux/amd64', own);

  it('has no release that no mirror has', async () => {
    expect(await find('forky')).toBeUndefined();
  });

  it('asks for the packages once, and believes no memory that is damaged', async () => {
    await (await find())?.open();
    const asked: string[] = [];
    const transport = {
      request: (request: Parameters<ChannelAccess['transport']['request']>[0]) => {
        asked.push(request.url.href.slice(HOST.length));
        return serving(files).request(request);
      },
    };
    const again = await (await find('trixie', { ...access, transport }))?.open();
    expect(again?.candidate('tool')?.version).toBe('1.10.0');
    expect(asked.every((path) => path.endsWith('InRelease'))).toBe(true);
    const memory = { read: () => Buffer.from('x'.repeat(100)), write: () => undefined };
    const fresh = await (await find('trixie', { ...access, memory }))?.open();
    expect(fresh?.candidate('tool')?.version).toBe('1.10.0');
  });

  it.each<[string, (suite: SignedSuite) => string, RegExp]>([
    ['unsigned', () => 'Codename: trixie', /is not signed/],
    ['signed by a stranger', ({ inRelease }) => inRelease, /keys that this machine does not have/],
  ])('refuses a description that is %s', async (_what, made, problem) => {
    const stranger = await signedSuite('trixie', packageText('tool', '9'));
    files['debian/dists/trixie/InRelease'] = made(stranger);
    await expect(find()).rejects.toThrow(problem);
  });

  it('refuses a text that was changed after it was signed, another suite, and packages that are not those', async () => {
    const path = 'debian/dists/trixie/InRelease';
    const signed = String(files[path]);
    files[path] = signed.replace('Codename: trixie', 'Codename: bookworm');
    await expect(find()).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
    files['debian/dists/forky/InRelease'] = signed;
    await expect(find('forky')).rejects.toThrow(/describes another suite/);
    files[path] = signed;
    files['debian/dists/trixie/main/binary-amd64/Packages.gz'] = 'other';
    const found = await find();
    await expect(found?.open()).rejects.toThrow(/not what InRelease says|sends more than/);
  });
});

import type { ChannelAccess } from '../channel.js';
import { registries, type Files } from '../registries.contract.js';
import { go } from './channel.js';
import { isAmong } from './module-path.js';

describe('the checksum database', () => {
  let files: Files;
  let access: ChannelAccess;
  beforeEach(async () => ({ files, access } = await registries()));
  const lookup = 'db/lookup/example.com/tool@v1.9.0';
  const archive = () => go.archive('example.com/tool', 'v1.9.0', 'linux/amd64', access);

  it.each<[string, () => void, RegExp]>([
    ['another hash', () => edit(lookup, /h1:\w/, 'h1:0'), /not in the log/],
    ['another place', () => edit(lookup, /^1/, '0'), /not in the log/],
    ['a place beyond its end', () => edit(lookup, /^1/, '7'), /beyond/],
    ['another tree', () => edit(lookup, /tree\n2/, 'tree\n3'), /signature .* does not hold/],
    ['no signature', () => edit(lookup, /— \S+/, '— other'), /has not signed/],
    ['another tile', () => (files['db/tile/8/0/000.p/2'] = Buffer.alloc(64)), /not in the log/],
    ['half a tile', () => (files['db/tile/8/0/000.p/2'] = Buffer.alloc(32)), /not whole/],
  ])('is not believed with %s', async (_what, change, problem) => {
    change();
    await expect(archive()).rejects.toMatchObject({
      code: 'ARCHIVE_INVALID',
      message: expect.stringMatching(problem) as string,
    });
  });

  it('is asked through a mirror that passes questions on, and not for private modules', async () => {
    const expected = await archive();
    for (const path of Object.keys(files).filter((one) => one.startsWith('db/'))) {
      files[path.replace('db/', 'go/sumdb/sum.example.com/')] = files[path];
      delete files[path];
    }
    files['go/sumdb/sum.example.com/supported'] = '';
    expect(await archive()).toEqual(expected);
    const { goChecksums } = access.trust;
    const trust = { ...access.trust, goChecksums: { ...goChecksums!, except: ['example.com/*'] } };
    const alone = await go.archive('example.com/tool', 'v1.9.0', 'linux/amd64', {
      ...access,
      trust,
    });
    expect(alone).toEqual(expected);
    expect([isAmong('a.example.com/x', ['*.example.com']), isAmong('b.org', ['*.com'])]).toEqual([
      true,
      false,
    ]);
  });

  function edit(path: string, from: RegExp, to: string): void {
    files[path] = String(files[path]).replace(from, to);
  }
});

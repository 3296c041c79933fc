import { CHANNELS, findChannel } from './channels.js';
import type { ChannelAccess } from './channel.js';
import { readArchiveId } from './archive-id.js';
import { isIntegrity } from './integrity.js';
import { registries, serving, type Files } from './registries.contract.js';

/** What each registry of the fixture has, and how it spells two versions. */
const THINGS: Readonly<Record<string, readonly [name: string, older: string, newer: string]>> = {
  debian: ['tool', '1.9.0', '1.10.0'],
  npm: ['tool', '1.9.0', '1.10.0'],
  pypi: ['tool', '1.9.0', '1.10.0'],
  go: ['example.com/tool', 'v1.9.0', 'v1.10.0'],
  maven: ['org.example:tool', '1.9.0', '1.10.0'],
};

describe.each(CHANNELS.map((channel) => [channel.name, channel] as const))('%s', (id, channel) => {
  let files: Files;
  let access: ChannelAccess;
  beforeAll(async () => ({ files, access } = await registries()));
  const [name, older, newer] = THINGS[id] ?? ['', '', ''];
  const archive = (version = newer) => channel.archive(name, version, 'linux/amd64', access);

  it('has the versions of a name, oldest first, and none of an unknown one', async () => {
    expect(await channel.versions(name, 'linux/amd64', access)).toEqual([older, newer]);
    const unknown = name.replace('tool', 'nothing');
    expect(await channel.versions(unknown, 'linux/amd64', access)).toEqual([]);
  });

  it.each([older, newer])('describes %s so that it can be fetched and checked', async (version) => {
    const described = await archive(version);
    expect(described).toMatchObject({ channel: id, name, version });
    expect(readArchiveId(described.id)).toMatchObject({ channel: id, name, version });
    expect(isIntegrity(described.integrity)).toBe(true);
    const bytes = await channel.fetch(described, access);
    expect(bytes.length).toBe(described.size);
  });

  it('refuses a version that there is not', async () => {
    await expect(archive(`${newer}9`)).rejects.toMatchObject({ code: 'TOOLCHAIN_UNAVAILABLE' });
  });

  it('refuses other bytes, and a size that was not announced', async () => {
    const described = await archive();
    const other = { ...described, integrity: (await archive(older)).integrity };
    await expect(channel.fetch(other, access)).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
    for (const size of [described.size - 1, described.size + 1])
      await expect(channel.fetch({ ...described, size }, access)).rejects.toMatchObject({
        code: 'ARCHIVE_INVALID',
      });
  });

  it('takes it from the second mirror when the first lost it, and says when none has it', async () => {
    const described = await archive();
    const empty = { url: 'https://channels.example.com/empty/', next: 'missing' as const };
    const mirrors = { ...access.mirrors, [id]: [empty, ...(access.mirrors[id] ?? [])] };
    expect(await channel.fetch(described, { ...access, mirrors })).toHaveLength(described.size);
    const gone = channel.fetch(described, { ...access, mirrors: { [id]: [empty] } });
    await expect(gone).rejects.toMatchObject({
      code: 'ARCHIVE_GONE',
      message: expect.stringContaining(`${name} ${newer}`) as string,
    });
  });

  it('says that it was not configured, and leaves no mirror by a path', async () => {
    const described = await archive();
    await expect(channel.versions(name, 'linux/amd64', { ...access, mirrors: {} })).rejects.toThrow(
      /does not say where/,
    );
    if (id === 'pypi') return;
    const outside = { ...described, path: '../other/file' };
    await expect(channel.fetch(outside, access)).rejects.toThrow(/no path below a mirror/);
  });

  it('takes no answer that is damaged', async () => {
    const broken = Object.fromEntries(Object.keys(files).map((path) => [path, '\u0000']));
    const wrong = {
      ...access,
      transport: serving(broken),
      memory: { read: () => undefined, write: () => {} },
    };
    const asked = channel.archive(name, newer, 'linux/amd64', wrong);
    await expect(asked).rejects.toMatchObject({ name: 'UserError' });
  });
});

describe('CHANNELS', () => {
  it('names each once and knows no other', () => {
    expect(new Set(CHANNELS.map(({ name }) => name)).size).toBe(CHANNELS.length);
    expect(() => findChannel('ftp')).toThrow(/no channel "ftp"/);
  });
});

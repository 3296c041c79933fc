import type { HttpRequest } from '@nx-nixpack/base';
import type { ChannelAccess } from '../channel.js';
import { HOST, registries, serving, type Files } from '../registries.contract.js';
import { pypi } from './channel.js';

const FILE = 'tool-1.9.0-py3-none-any.whl';
const SHA256 = 'a'.repeat(64);

describe('files that an index of Python names', () => {
  let files: Files;
  let access: ChannelAccess;
  const asked: HttpRequest[] = [];
  beforeEach(async () => {
    ({ files, access } = await registries());
    asked.length = 0;
    const request = (one: HttpRequest) => {
      asked.push(one);
      return serving(files).request(one);
    };
    access = { ...access, transport: { request } };
  });

  const named = async (url: string): Promise<unknown> => {
    const listed = { filename: FILE, url, hashes: { sha256: SHA256 } };
    files['pypi/tool/'] = JSON.stringify({ files: [listed] });
    return pypi
      .archive('tool', '1.9.0', 'linux/amd64', access)
      .catch((error: { code?: string }) => error.code);
  };

  it('are asked for as what the index has led to', async () => {
    await named('https://files.example.com/tool.whl');
    const [, file] = asked;
    expect(file?.url.href).toBe('https://files.example.com/tool.whl');
    expect(file?.namedBy?.href).toBe(`${HOST}/pypi/tool/`);
  });

  it.each([
    ['with less protection', 'http://files.example.com/tool.whl'],
    ['with credentials', 'https://bob:secret@files.example.com/tool.whl'],
    ['in no network', 'file:///etc/passwd'],
  ])('are not asked for %s', async (_what, url) => {
    expect(await named(url)).toBe('ARCHIVE_INVALID');
    expect(asked).toHaveLength(1);
  });

  it('are found in a page of any length at once', async () => {
    files['pypi/other/'] = '<a '.repeat(300_000);
    expect(await pypi.versions('other', 'linux/amd64', access)).toEqual([]);
  });
});

import { decodeText } from '@nx-nixpack/base';
import type { TarEntry } from '@nx-nixpack/oci';
import {
  block,
  character,
  dir,
  fifo,
  file,
  hard,
  link,
} from '../../../oci/src/layer/hostile/tar-maker.contract.js';
import type { ArchiveFormat } from '../recipe/recipe.js';
import { ar, deb, tarGz, zip } from './archive-maker.contract.js';
import { chosenEntries, linkEntries, type Choice } from './chosen-entries.js';
import { readArchive } from './read-archive.js';

type Step = Partial<Choice> & { readonly format: ArchiveFormat };

async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += 1000)
    yield await Promise.resolve(bytes.subarray(at, at + 1000));
}

/** What a step would write: type, mode, owner, path, and the content or target. */
async function unpacked(archive: Buffer, step: Step): Promise<string[]> {
  const found: { entry: TarEntry; content: string }[] = [];
  const choice: Choice = { to: '/opt/x', ...step };
  const receiver = chosenEntries(choice, 0, {
    entry: (entry) => void found.push({ entry, content: '' }),
    content: (piece) => {
      const last = found.at(-1);
      if (last) last.content += piece.toString('latin1');
    },
  });
  for (const entry of linkEntries(choice, 0)) found.push({ entry, content: '' });
  await readArchive(pieces(archive), step.format, receiver, {
    id: 'npm:x@1',
    integrity: 'sha512-',
  });
  return found.map(({ entry: { path, type, mode, uid, target }, content }) =>
    [type, mode.toString(8), uid, path, decodeText(target ?? ('' as never)) || content]
      .join(' ')
      .trimEnd(),
  );
}

const EXECUTABLE = { mode: 0o700 };

describe('archives', () => {
  it('may call the directory that holds everything what they like', async () => {
    const archive = tarGz(
      dir('tool-v1'),
      dir('tool-v1/bin'),
      file('tool-v1/bin/x', 'run'),
      file('README', 'r'),
    );
    expect(await unpacked(archive, { format: 'tar.gz', from: '*' })).toEqual([
      'directory 755 0 opt/x/bin',
      'file 644 0 opt/x/bin/x run',
    ]);
  });

  it('are taken from where they begin to where they belong, owned by root', async () => {
    const archive = tarGz(
      dir('package'),
      file('package/bin/x', 'run', { ...EXECUTABLE, uid: 501 }),
      file('package/docs/a', 'doc'),
      file('package/lib/_go.mod', 'module'),
      file('package/lib/testdata/b', 'test'),
      file('package/tool', 'tool'),
      file('other/c', 'other'),
      link('package/lib/l', '../tool'),
      hard('package/same', 'package/tool'),
    );
    const step = {
      format: 'tar.gz',
      from: 'package',
      except: ['docs', '**/testdata'],
      executable: ['tool'],
      rename: { '_go.mod': 'go.mod' },
      links: { '/usr/local/bin/x': '/opt/x/bin/x' },
    } as const;
    expect(await unpacked(archive, step)).toEqual([
      'symlink 777 0 usr/local/bin/x /opt/x/bin/x',
      'file 755 0 opt/x/bin/x run',
      'file 644 0 opt/x/lib/go.mod module',
      'file 755 0 opt/x/tool tool',
      'symlink 777 0 opt/x/lib/l ../tool',
      'hardlink 644 0 opt/x/same opt/x/tool',
    ]);
  });

  it('of Debian keep owners and modes, and do not replace links of the merged system', async () => {
    const archive = deb(
      dir('.'),
      dir('./bin'),
      file('./bin/su', 'su', { mode: 0o4755 }),
      file('./var/mail/x', 'm', { uid: 8 }),
      link('./etc/l', '/usr/share/l'),
    );
    const step = { format: 'deb', to: '/', links: { '/bin': 'usr/bin' } } as const;
    expect(await unpacked(archive, step)).toEqual([
      'symlink 777 0 bin usr/bin',
      'file 4755 0 bin/su su',
      'file 644 8 var/mail/x m',
      'symlink 777 0 etc/l /usr/share/l',
    ]);
  });

  it('that are zip files are read by their directory', async () => {
    const archive = zip(
      { name: 'a@1/' },
      { name: 'a@1/bin/x', content: 'run', mode: 0o100755 },
      { name: 'a@1/text', content: 'text '.repeat(1000) },
      { name: 'a@1/plain', content: 'stored', method: 0 },
      { name: 'a@1/l', content: 'text', mode: 0o120777 },
    );
    expect(await unpacked(archive, { format: 'zip', from: 'a@1' })).toEqual([
      'file 755 0 opt/x/bin/x run',
      `file 644 0 opt/x/text ${'text '.repeat(1000)}`.trimEnd(),
      'file 644 0 opt/x/plain stored',
      'symlink 777 0 opt/x/l text',
    ]);
  });

  it.each<[string, ArchiveFormat, Buffer, RegExp]>([
    ['a device', 'tar.gz', tarGz(block('package/d')), /"package\/d".*block-device/],
    ['a character device', 'deb', deb(character('./dev/null')), /character-device/],
    ['a pipe', 'deb', deb(fifo('./run/p')), /fifo/],
    ['a deletion', 'deb', deb(file('./etc/.wh.passwd')), /deletion/],
    ['a link above its place', 'tar.gz', tarGz(link('a/l', '../../../etc')), /leads out/],
    ['a link to the root', 'tar.gz', tarGz(link('l', '/etc/passwd')), /leads out/],
    [
      'a zip link that leads out',
      'zip',
      zip({ name: 'l', content: '../x', mode: 0o120777 }),
      /leads out/,
    ],
    [
      'a size that is a lie',
      'zip',
      zip({ name: 'a', content: 'text', size: 3 }),
      /directory says|decompressed/,
    ],
    ['another checksum', 'zip', zip({ name: 'a', content: 'text', checksum: 1 }), /directory says/],
    [
      'an unknown compression',
      'zip',
      zip({ name: 'a', content: 'x', method: 99 }),
      /compression 99/,
    ],
    ['a zip file without an end', 'zip', zip({ name: 'a' }).subarray(0, -3), /not a zip file/],
    [
      'a cut tar',
      'tar.gz',
      tarGz(file('a', 'x'.repeat(5000))).subarray(0, 40),
      /decompressed|middle/,
    ],
    ['no archive at all', 'tar.gz', Buffer.from('<html>'), /middle|decompressed|octal|checksum/],
    ['no package at all', 'deb', Buffer.from('<html>'), /not a Debian package/],
    [
      'a package without data',
      'deb',
      ar({ 'debian-binary': Buffer.from('2.0\n') }),
      /holds no data/,
    ],
    ['a package that is cut', 'deb', deb(file('a', 'text')).subarray(0, -10), /cut off/],
    ['a bomb', 'tar.gz', tarGz(file('a', '\0'.repeat(80 * 1024 * 1024))), /300 times/],
  ])('are refused for %s', async (_what, format, archive, says) => {
    await expect(unpacked(archive, { format })).rejects.toMatchObject({
      code: 'ARCHIVE_INVALID',
      message: expect.stringMatching(says),
      hint: expect.stringContaining('Do not use it'),
    });
    await expect(unpacked(archive, { format })).rejects.toThrow(/^Archive npm:x@1/);
  });

  it('cannot name what lies above them', async () => {
    const archive = tarGz(file('../../etc/passwd', 'x'), file('/etc/shadow', 'x'));
    expect(await unpacked(archive, { format: 'tar.gz' })).toEqual([
      'file 644 0 opt/x/etc/passwd x',
      'file 644 0 opt/x/etc/shadow x',
    ]);
  });

  it('refuse a hard link to what is not unpacked', async () => {
    const archive = tarGz(file('secret'), hard('package/h', 'secret'));
    await expect(unpacked(archive, { format: 'tar.gz', from: 'package' })).rejects.toThrow(
      /names what is not unpacked/,
    );
  });
});

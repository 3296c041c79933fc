import { type HostileArchive, legal, refused, scoped } from './hostile-archive.contract.js';
import {
  dir,
  END,
  entry,
  extension,
  file,
  header,
  link,
  padded,
  pax,
} from './tar-maker.contract.js';

const differ = 'reads other entries than the next reader';
const smuggled = (): Buffer => file('smuggled', 'x', { mode: 0o4755 });
const sized = (records: Record<string, string>): readonly Buffer[] => [pax(records), file('f')];

/** Archives whose bytes are wrong, or that readers take for different ones. */
export const MALFORMED: readonly HostileArchive[] = [
  refused('a wrong checksum', /checksum/, 'believes the header', [
    header({ name: 'f', checksum: 1 }),
  ]),
  refused('text that is not tar', /checksum|number/, 'finds nothing and is content', [
    padded('<html>not a layer</html>'),
  ]),
  refused('a size that goes on behind the end', /ends in the middle/, 'makes a short file', [
    header({ name: 'f', size: 4096 }),
  ]),
  refused('a size of 8 GiB without content', /ends in the middle/, 'allocates it', [
    header({ name: 'f', size: 8 * 1024 ** 3 - 1 }),
  ]),
  refused('a negative size', /out of range/, 'goes back in the tar', [
    header({ name: 'f', size: '\xff'.repeat(12) }),
  ]),
  refused('a size beyond what can be counted', /out of range/, 'counts anew from 0', [
    header({ name: 'f', size: `\x80${'\xff'.repeat(11)}` }),
  ]),
  refused('a size of 64 bits', /more than|middle/, 'allocates it', [
    header({ name: 'f', size: '\x80\0\0\0\0\x10\0\0\0\0\0\0' }),
  ]),
  refused('a size in letters', /not an octal number/, 'takes it for 0', [
    header({ name: 'f', size: 'sixteen' }),
    smuggled(),
  ]),
  refused('a size of two numbers', /not an octal number/, differ, [
    header({ name: 'f', size: '1 1000' }),
    smuggled(),
  ]),
  refused('an owner in letters', /not an octal number/, 'takes root', [
    header({ name: 'f', uid: 'x' }),
  ]),
  refused('an owner beyond Linux', /out of range/, 'takes root', sized({ uid: '4294967296' })),
  refused('the owner that means none', /out of range/, 'keeps root', sized({ uid: '4294967295' })),
  refused('a negative owner', /not a number/, 'takes root', sized({ gid: '-1' })),
  refused('an extended header that breaks off', /ends in the middle/, 'goes on', [
    header({ name: 'x', type: 'x', size: 2048 }),
  ]),
  refused('an extended header without an entry', /ends in the middle/, differ, [
    pax({ path: 'a' }),
  ]),
  refused('an entry behind a block of zeros', /zeros/, differ, [Buffer.alloc(512), smuggled()]),
  scoped('entries behind the end', differ, [file('f'), END, smuggled()]),
  refused('a PAX record without a length', /length/, differ, [
    extension('x', 'path=smuggled\n'),
    file('f'),
  ]),
  refused('a PAX record that is too long', /length/, 'reads the memory behind it', [
    extension('x', '999 path=a\n'),
    file('f'),
  ]),
  refused('a PAX record that is too short', /malformed|length/, differ, [
    extension('x', '6 path=a\n'),
    file('f'),
  ]),
  refused('a PAX record of length 0', /length/, 'never ends', [
    extension('x', '0 path=a\n'),
    file('f'),
  ]),
  refused('a PAX length with a sign', /length/, differ, [
    extension('x', '+11 path=ab\n'),
    file('f'),
  ]),
  refused('a PAX length of 2^64', /length/, 'counts anew from 0', [
    extension('x', `${2n ** 64n + 10n} path=a\n`),
    file('f'),
  ]),
  refused('a PAX record without =', /malformed/, differ, [extension('x', '8 pathx\n'), file('f')]),
  refused('a PAX record without an end of line', /malformed/, differ, [
    extension('x', '11 path=abcd'),
    file('f'),
  ]),
  refused(
    'a PAX path with a NUL byte',
    /NUL/,
    'cuts it',
    sized({ path: 'a\0/../../outside/canary' }),
  ),
  refused('a PAX target with a NUL byte', /NUL/, 'cuts it', [
    pax({ linkpath: 'a\0b' }),
    link('l', 'x'),
  ]),
  refused('a PAX key with a NUL byte', /NUL/, differ, [
    extension('x', '11 pa\0h=a\n\n'),
    file('f'),
  ]),
  refused('a PAX size with an exponent', /not a number/, differ, sized({ size: '1e0' })),
  refused('a negative PAX size', /not a number/, 'goes back in the tar', sized({ size: '-512' })),
  refused(
    'a PAX size that is not there',
    /ends in the middle/,
    'makes a short file',
    sized({ size: '99999' }),
  ),
  refused('a PAX time that is none', /not a number/, 'takes the present', sized({ mtime: 'NaN' })),
  refused('a global path', /global/, 'names all files alike', [pax({ path: 'a' }, 'g'), file('f')]),
  refused('a global size', /global/, differ, [pax({ size: '0' }, 'g'), file('f')]),
  refused('a global target', /global/, differ, [pax({ linkpath: '/' }, 'g'), link('l', 'x')]),
  refused('two PAX headers for one entry', /same/, differ, [
    pax({ path: 'one' }),
    pax({ path: 'two' }),
    file('f'),
  ]),
  refused('two GNU long names', /same/, differ, [
    extension('L', 'one\0'),
    extension('L', 'two\0'),
    file('f'),
  ]),
  refused('a GNU long name and a PAX path', /same/, differ, [
    extension('L', 'one\0'),
    pax({ path: 'two' }),
    file('f'),
  ]),
  refused('a GNU long target and a PAX target', /same/, differ, [
    pax({ linkpath: 'one' }),
    extension('K', 'two\0'),
    link('l', 'x'),
  ]),
  refused('a global header between', /parts/, differ, [
    pax({ path: 'one' }),
    pax({ comment: 'x' }, 'g'),
    file('f'),
  ]),
  refused('an extended header of 2 MiB', /too large/, 'allocates it', [
    extension('x', 'x'.repeat(2 * 1024 ** 2)),
    file('f'),
  ]),
  refused('global headers without an end', /too large/, 'keeps them all', [
    ...[1, 2, 3].map((each) => pax({ [`comment${each}`]: 'x'.repeat(500_000) }, 'g')),
    file('f'),
  ]),
  refused('a sparse file of GNU', /sparse/, 'makes a file of 8 EiB', [
    header({ name: 's', type: 'S', magic: 'ustar  \0' }),
  ]),
  refused('a sparse file of PAX', /sparse/, 'takes another name and size', [
    pax({ 'GNU.sparse.major': '1', 'GNU.sparse.name': '../outside/canary' }),
    file('s'),
  ]),
  refused('global sparse files', /sparse/, differ, [
    pax({ 'GNU.sparse.name': 'a' }, 'g'),
    file('f'),
  ]),
  refused('a directory list of GNU', /unknown type/, 'renames files', [
    extension('D', 'R../outside/canary\0Tnew\0\0'),
  ]),
  refused('a rename list of GNU', /unknown type/, 'renames files', [
    extension('N', 'Rename ../outside/canary to new\n'),
  ]),
  refused('a part of another volume', /unknown type/, 'appends to a file', [
    entry({ name: 'f', type: 'M' }, 'x'),
  ]),
  refused('content of a hard link', /checksum|number/, differ, [
    file('f'),
    entry({ name: 'h', type: '1', target: 'f' }, 'smuggled'),
  ]),
  refused('a link without a target', /no target/, 'links to the directory', [
    entry({ name: 'l', type: '2', target: '' }),
  ]),
  scoped('a directory with a size', differ, [
    header({ name: 'd/', type: '5', mode: 0o755, size: 512 }),
    smuggled(),
  ]),
  scoped('a tar without an end', differ, [file('f')]),
  legal('a PAX size against that of the header', differ, [
    pax({ size: '512' }),
    header({ name: 'f', size: 0 }),
    smuggled().subarray(0, 512),
    file('g'),
  ]),
  legal('times before 1970 and after 2038', 'takes the present', [
    entry({ name: 'old', type: '0', mtime: '\xff'.repeat(11) + '\xf6', magic: 'ustar  \0' }),
    pax({ mtime: '4294967297.5' }),
    file('new'),
    pax({ mtime: '-5' }),
    dir('older'),
  ]),
  legal('numbers in base 256', 'reads them as text', [
    entry({ name: 'f', type: '0', uid: '\x80\0\0\0\xb2\xd0\x5e\0', magic: 'ustar  \0' }),
  ]),
  legal('nothing', 'fails', []),
];

import { encodeText } from '@nx-nixpack/base';
import { type HostileArchive, legal, refused, scoped } from './hostile-archive.contract.js';
import { dir, entry, extension, file, header, link, padded, pax } from './tar-maker.contract.js';

const DEAD = 'dead';
const SLOW = { slowFor: ['umoci'] } as const;
const write = 'writes beside the root';

/** Names that lead somewhere else when they are joined to a directory. */
export const NAMES: readonly HostileArchive[] = [
  scoped('an absolute name', write, (outside) => [file(`${outside}/canary`, DEAD)]),
  scoped('an absolute name with more slashes', write, (outside) => [
    file(`///${outside}//canary`, DEAD),
  ]),
  scoped('dots in front', write, [file('../outside/canary', DEAD)]),
  scoped('many dots in front', write, [file(`${'../'.repeat(30)}outside/canary`, DEAD)]),
  scoped('dots in the middle', write, [dir('a'), file('a/../../outside/canary', DEAD)]),
  scoped('dots after a dot', write, [file('./../outside/canary', DEAD)]),
  scoped('dots after the root', write, (outside) => [file(`/../..${outside}/canary`, DEAD)]),
  scoped('dots in a PAX path', write, [pax({ path: '../outside/canary' }), file('plain', DEAD)]),
  scoped('an absolute PAX path', write, (outside) => [
    pax({ path: `${outside}/canary` }),
    file('plain', DEAD),
  ]),
  scoped('dots in a GNU long name', write, [
    extension('L', '../outside/canary\0'),
    file('plain', DEAD),
  ]),
  scoped('dots in the prefix of ustar', write, [
    header({ name: 'canary', prefix: '../outside', size: 4 }),
    padded(DEAD),
  ]),
  scoped('a directory beside the root', 'changes its mode', [dir('../outside', { mode: 0 })]),
  scoped('an absolute directory', 'changes its mode and time', (outside) => [
    dir(outside, { mode: 0, mtime: 1 }),
  ]),
  scoped('the parent of the root', 'changes its mode', [dir('..', { mode: 0o700 })]),
  scoped('the root as a file with a slash', 'makes a file of the root', [file('/', '')], {
    like: [],
  }),
  refused('the root as a file', /no name/, 'removes the root', [file('.')]),
  refused('the parent as a file', /no name/, 'removes the parent', [file('..')]),
  refused('the root as a link', /no name/, 'replaces the root', (outside) => [link('./', outside)]),
  refused('a name of nothing', /no name/, 'makes a file of the root', [file('')]),
  refused('a PAX path of dots', /no name/, 'removes the parent', [
    pax({ path: '../..' }),
    file('plain'),
  ]),
  legal('four dots', 'takes them for two', [dir('....'), file('....x'), file('..x')]),
  legal('backslashes', 'takes them for slashes', [file('..\\outside\\canary', DEAD)]),
  legal('a drive', 'takes it for absolute', [file('C:\\canary', DEAD), file('c:d', DEAD)], {
    like: ['tar', 'umoci'],
  }),
  legal('percent signs', 'decodes them', [dir('%2e%2e'), file('%2e%2e%2foutside')]),
  legal('letters that look like dots and slashes', 'normalizes them', [
    dir(encodeText('\u2025')),
    file(encodeText('\u2025\uff0foutside\u2215canary')),
  ]),
  legal('one letter in two forms', 'takes them for one', [
    dir(encodeText('\u00e9')),
    file(encodeText('e\u0301')),
  ]),
  legal('upper and lower case', 'takes them for one', [dir('Case'), file('case'), file('CASE')]),
  legal('bytes that are not UTF-8', 'replaces them, so that names meet', [
    dir('\xff'),
    file('\xff/a'),
    dir('\xfe'),
    file('\xfe/b'),
    dir(encodeText('\ufffd')),
    file('\xc3\x28'),
  ]),
  legal('options, line breaks and escapes', 'prints or runs them', [
    file('-rf'),
    file('--checkpoint-action=exec=touch canary'),
    file('a\nb'),
    file('\x1b[31m'),
    file('$(touch canary)'),
    file('`x`;&|*?'),
    file(' '),
  ]),
  legal('names as long as can be', 'cuts them, so that names meet', [
    dir('n'.repeat(255)),
    file(`${'n'.repeat(255)}/${'m'.repeat(254)}a`),
    file(`${'n'.repeat(255)}/${'m'.repeat(254)}b`),
  ]),
  legal(
    '1,500 directories one in the other',
    'ends in a stack overflow',
    [file(`${'d/'.repeat(1500)}f`)],
    { like: ['tar', 'bsdtar'] },
  ),
  refused('a name of 256 bytes', /too long/, 'cuts it', [file('n'.repeat(256))]),
  refused('a directory of 256 bytes', /too long/, 'cuts it', [file(`${'n'.repeat(256)}/x`)]),
  refused('a whiteout of 256 bytes', /too long/, 'fails on the disk only', [
    file(`.wh.${'n'.repeat(252)}`),
  ]),
  refused(
    'a path as long as PATH_MAX',
    /too long/,
    'cuts it',
    [file(`${'d/'.repeat(2047)}ff`)],
    SLOW,
  ),
  refused(
    '1,600 directories one in the other',
    /too long/,
    'cannot remove them any more',
    [file(`${'d/'.repeat(1600)}f`)],
    SLOW,
  ),
  refused(
    'directories that grow through a link',
    /too long/,
    'goes deeper than any path',
    [dir('d/'.repeat(1000) + 'd'), link('l', 'd/'.repeat(1000)), file(`l/${'e/'.repeat(1000)}f`)],
    SLOW,
  ),
  legal('a name of a name', 'reads the first', [pax({ path: 'real' }), file('decoy')]),
  legal('a GNU long name with NUL bytes', 'goes on behind them', [
    extension('L', 'real\0../outside/canary\0'),
    entry({ name: 'decoy', type: '0', magic: 'ustar  \0' }),
  ]),
];

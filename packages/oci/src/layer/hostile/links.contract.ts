import { type HostileArchive, legal, refused, scoped } from './hostile-archive.contract.js';
import { dir, file, hard, link } from './tar-maker.contract.js';

const DEAD = 'dead';
const through = 'writes through the link';
const chain = (links: number): Buffer[] => [
  dir('d0'),
  ...Array.from({ length: links }, (_, index) => link(`l${index + 1}`, index ? `l${index}` : 'd0')),
  file(`l${links}/x`),
];

/** Symlinks and hard links that lead out, in parents and at the end. */
export const LINKS: readonly HostileArchive[] = [
  scoped('a file below an absolute link', through, (outside) => [
    link('l', outside),
    file('l/canary', DEAD),
  ]),
  scoped('a file below a relative link', through, [
    link('l', '../outside'),
    file('l/canary', DEAD),
  ]),
  scoped('a chain of harmless links', through, [
    link('a', '..'),
    link('b', 'a/outside'),
    file('b/canary', DEAD),
  ]),
  scoped('a link to the root of the machine', through, (outside) => [
    link('l', '/'),
    file(`l${outside}/canary`, DEAD),
  ]),
  scoped('a link through /proc', through, (outside) => [
    link('l', `/proc/self/root${outside}`),
    file('l/canary', DEAD),
  ]),
  scoped('a link to the working directory', through, [
    link('l', '/proc/self/cwd'),
    file('l/canary', DEAD),
  ]),
  scoped(
    'a link through an open handle',
    through,
    [link('l', '/proc/self/fd/3/..'), file('l/outside/canary', DEAD)],
    { like: [] },
  ),
  scoped('a link of the layer below', through, [file('l/canary', DEAD)], {
    lower: (outside) => [link('l', outside)],
  }),
  scoped('a directory that becomes a link', through, (outside) => [
    dir('l'),
    file('l/x'),
    link('l', outside),
    file('l/canary', DEAD),
  ]),
  scoped('a directory of a known path that becomes a link', through, [
    file('d/e/f'),
    link('d', '../outside'),
    file('d/canary', DEAD),
    dir('d/e'),
  ]),
  scoped('a directory with a time to be set that becomes a link', 'sets the time outside', [
    dir('d/e', { mtime: 5 }),
    link('d', '../outside'),
  ]),
  scoped('a directory over a link', 'changes the mode outside', (outside) => [
    link('l', outside),
    dir('l', { mode: 0 }),
  ]),
  scoped('a file over a link', through, (outside) => [
    link('l', `${outside}/canary`),
    file('l', DEAD),
  ]),
  scoped('a set-id file over a link', 'changes the mode outside', (outside) => [
    link('l', `${outside}/canary`),
    file('l', DEAD, { mode: 0o6777 }),
  ]),
  scoped('a link over a file that is a link', through, (outside) => [
    link('l', `${outside}/canary`),
    link('l', `${outside}/new`),
    hard('h', 'l'),
    file('h', DEAD),
  ]),
  scoped('a link that dangles, then a file below it', 'makes the directory outside', [
    link('l', '../outside/new'),
    file('l/x'),
  ]),
  scoped('a directory below a link', 'makes it outside', (outside) => [
    link('l', outside),
    dir('l/new/deep', { mode: 0o777 }),
  ]),
  scoped('a link below a link', 'makes it outside', (outside) => [
    link('l', outside),
    link('l/new', '/'),
  ]),
  scoped('a hard link below a link', 'makes it outside', (outside) => [
    file('f'),
    link('l', outside),
    hard('l/new', 'f'),
  ]),
  scoped('dots behind a link', 'takes them off the name, not off the place', [
    dir('d/e'),
    link('l', 'd/e/../../../outside'),
    file('l/canary', DEAD),
  ]),
  refused('a hard link to an absolute name', /not a file/, 'links the file outside', (outside) => [
    hard('h', `${outside}/canary`),
  ]),
  refused('a hard link to dots', /not a file/, 'links the file outside', [
    hard('h', '../outside/canary'),
    file('h', DEAD),
  ]),
  refused('a hard link through a link', /not a file/, 'links the file outside', (outside) => [
    link('l', outside),
    hard('h', 'l/canary'),
  ]),
  scoped('a hard link to a link, then a file', through, (outside) => [
    link('l', `${outside}/canary`),
    hard('h', 'l'),
    file('h', DEAD),
  ]),
  scoped('a hard link to a link, with another mode', 'changes the mode outside', (outside) => [
    link('l', `${outside}/canary`),
    hard('h', 'l', { mode: 0o4777, uid: 1 }),
  ]),
  refused('a hard link to a directory', /not a file/, 'makes a cycle', [
    dir('d'),
    hard('d/h', 'd'),
  ]),
  refused('a hard link to the root', /not a file/, 'makes a cycle', [hard('h', '/')]),
  refused('a hard link to nothing', /not a file/, 'leaves it out', [hard('h', 'nothing')]),
  refused('a hard link to a name of 256 bytes', /too long/, 'fails on the disk only', [
    hard('h', 'n'.repeat(256)),
  ]),
  scoped('a file below a hard link to a link', through, (outside) => [
    dir('d'),
    link('l', 'd'),
    hard('inner', 'l'),
    file('inner/x'),
    link('m', outside),
    hard('outer', 'm'),
    file('outer/canary', DEAD),
  ]),
  refused('a hard link to what comes later', /not a file/, 'leaves it out', [
    hard('h', 'later'),
    file('later'),
  ]),
  refused('a hard link to itself', /itself/, 'removes the file', [file('h'), hard('h', 'h')]),
  refused('a hard link to itself by another way', /itself/, 'removes the file', [
    dir('d'),
    link('l', 'd'),
    file('d/h'),
    hard('l/h', 'd/h'),
  ]),
  refused('a hard link over the directory of its file', /replaces/, 'removes the file', [
    file('d/e/f'),
    hard('d', 'd/e/f'),
  ]),
  refused('a cycle of links', /too many links/, 'never ends', [
    link('a', 'b'),
    link('b', 'a'),
    file('a/x'),
  ]),
  refused('a link to itself', /too many links/, 'never ends', [link('a', 'a/b'), file('a/x')]),
  refused('41 links in one path', /too many links/, 'takes as long as it likes', chain(41)),
  refused('41 links beside each other in one path', /too many links/, 'counts each name anew', [
    link('l', '.'),
    file(`${'l/'.repeat(41)}x`),
  ]),
  refused('links that double', /too many links/, 'takes 2^30 steps', [
    ...Array.from({ length: 30 }, (_, index) => link(`l${index + 1}`, `l${index}/l${index}`)),
    link('l0', '.'),
    file('l30/x'),
  ]),
  scoped('40 links in one path', 'stops too early', chain(40)),
  refused('a target as long as PATH_MAX', /too long/, 'cuts it', [link('l', 't'.repeat(4096))]),
  refused('a part of a target that is too long', /too long/, 'fails on the disk only', [
    link('l', 't'.repeat(256)),
    file('l/x'),
  ]),
  refused('a file as a parent', /not a directory/, 'replaces the file', [file('f'), file('f/x')]),
  refused('a file as a parent by a link', /not a directory/, 'replaces the file', [
    file('f'),
    link('l', 'f'),
    file('l/x'),
  ]),
  legal('a link that dangles', 'follows it to set the time', (outside) => [
    link('absolute', `${outside}/nothing`),
    link('relative', '../outside/nothing'),
  ]),
  legal('links to files outside', 'follows them to set owner, mode and time', (outside) => [
    link('absolute', `${outside}/canary`),
    link('relative', '../outside/canary'),
  ]),
  legal('a link with a target as long as can be', 'cuts it', [link('l', 't/'.repeat(2047) + 't')]),
  legal('a link of bytes and line breaks', 'decodes it', [link('l', '\xff\n../\x1b')]),
  legal('hard links in a row', 'changes the owner by the second', [
    file('a', 'one', { uid: 5, mode: 0o4755 }),
    hard('b', 'a'),
    hard('c', 'b'),
    hard('d', 'a'),
  ]),
  legal('a file that is given again', 'writes into the hard link', [
    file('a', 'old'),
    hard('b', 'a'),
    file('a', 'new content'),
  ]),
  legal(
    'a file of the layer below that is linked and given again',
    'writes into the lower file',
    [file('a', 'new')],
    { lower: [file('a', 'old'), hard('b', 'a')] },
  ),
  legal('a link that becomes a directory', 'keeps the link', [dir('d'), link('l', 'd')]),
  legal(
    'a link of the layer below that becomes a directory',
    'keeps the link',
    [dir('l'), file('l/x')],
    { lower: [dir('d'), link('l', 'd')] },
  ),
];

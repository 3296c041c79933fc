import { type HostileArchive, legal, refused, scoped } from './hostile-archive.contract.js';
import { dir, file, hard, link } from './tar-maker.contract.js';

/** umoci makes no directory for the sake of a whiteout; containerd does, and so do we. */
const ALONE = { like: [] } as const;
const removes = 'removes what is outside';

/** Entries that remove what is below. */
export const WHITEOUTS: readonly HostileArchive[] = [
  scoped(
    'a whiteout below a link',
    removes,
    (outside) => [link('l', outside), file('l/.wh.canary')],
    ALONE,
  ),
  scoped('a whiteout below a link of the layer below', removes, [file('l/.wh.canary')], {
    ...ALONE,
    lower: (outside) => [link('l', outside)],
  }),
  scoped(
    'an opaque whiteout below a link',
    removes,
    (outside) => [link('l', outside), file('l/.wh..wh..opq')],
    ALONE,
  ),
  scoped('an opaque whiteout behind dots', removes, [file('../outside/.wh..wh..opq')], ALONE),
  scoped('an absolute whiteout', removes, (outside) => [file(`${outside}/.wh.canary`)], ALONE),
  scoped('a whiteout of a link', 'removes what it leads to', [file('.wh.l')], {
    lower: (outside) => [link('l', outside)],
  }),
  refused('a whiteout of nothing', /names no entry/, 'removes the directory', [file('.wh.')]),
  refused('a whiteout of the directory', /names no entry/, 'removes it', [file('d/.wh..')]),
  refused('a whiteout of the parent', /names no entry/, 'removes it', [file('d/.wh...')]),
  legal('whiteouts', 'leaves the markers', [file('d/.wh.gone'), file('.wh.e'), file('.wh.never')], {
    lower: [dir('d'), file('d/gone'), file('d/kept'), dir('e'), file('e/f')],
  }),
  legal(
    'an opaque whiteout',
    'removes what the layer itself has made',
    [dir('d'), file('d/new'), file('d/.wh..wh..opq')],
    { lower: [dir('d'), file('d/old'), file('d/e/old')] },
  ),
  legal(
    'whiteouts with content and of other types',
    'reads the content as entries',
    [file('.wh.a', 'x'.repeat(600)), dir('.wh.b'), file('c')],
    { lower: [file('a'), file('b'), dir('d')] },
  ),
  scoped('a whiteout that is a link', 'makes the link', (outside) => [link('.wh.a', outside)], {
    lower: [file('a')],
  }),
  scoped('a whiteout that is a hard link', 'links', [hard('.wh.a', 'nothing')], {
    lower: [file('a')],
  }),
  scoped('the files of AUFS', 'keeps them', [file('.wh..wh.aufs'), file('.wh..wh.orph')]),
  scoped('a whiteout of what the same layer made', 'removes it', [
    file('a'),
    file('d/b'),
    file('.wh.a'),
    file('.wh.d'),
  ]),
];

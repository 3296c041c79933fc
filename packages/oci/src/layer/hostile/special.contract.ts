import { encodeText } from '@nx-nixpack/base';
import { type HostileArchive, legal, refused, scoped } from './hostile-archive.contract.js';
import {
  block,
  character,
  dir,
  entry,
  fifo,
  file,
  hard,
  header,
  link,
  pax,
} from './tar-maker.contract.js';

const REPLACEMENT = encodeText('\ufffd');
const outsideNode = 'makes the node outside';
const special = { special: true } as const;

/** Devices, FIFOs, set-id files and attributes. */
export const SPECIAL: readonly HostileArchive[] = [
  scoped(
    'a device below bytes that are not UTF-8, beside a link',
    outsideNode,
    (outside) => [dir('\xff'), block('\xff/x'), link(REPLACEMENT, outside)],
    special,
  ),
  scoped(
    'a FIFO below bytes that are not UTF-8, beside a link',
    outsideNode,
    (outside) => [link(REPLACEMENT, outside), dir('\xfe'), fifo('\xfe/x')],
    special,
  ),
  scoped(
    'a device whose directory is another one in UTF-8',
    outsideNode,
    (outside) => [link(encodeText('\u00ff'), outside), dir('\xff'), block('\xff/x')],
    special,
  ),
  scoped(
    'a device below a link',
    outsideNode,
    (outside) => [link('l', outside), block('l/x')],
    special,
  ),
  scoped('a FIFO behind dots', outsideNode, [fifo('../outside/x')], special),
  scoped('an absolute device', outsideNode, (outside) => [character(`${outside}/x`)], special),
  scoped(
    'a device whose directory becomes a link',
    outsideNode,
    (outside) => [dir('d'), block('d/x'), link('d', outside)],
    special,
  ),
  scoped(
    'a device over a link',
    'replaces the file outside',
    (outside) => [link('x', `${outside}/canary`), character('x')],
    special,
  ),
  scoped('a link over a device', 'changes the mode outside', (outside) => [
    character('x', { mode: 0o777 }),
    link('x', `${outside}/canary`),
  ]),
  scoped(
    'a device named like an option',
    'passes it to a program',
    [fifo('--help'), fifo('-m'), fifo('0'), fifo('\n')],
    special,
  ),
  refused('the device that overlay takes for a deletion', /deletion/, 'hides files', [
    character('x', { major: 0, minor: 0 }),
  ]),
  refused('a device number beyond Linux', /no such device/, 'cuts it to another device', [
    block('x', { major: 4096 + 7, minor: 0 }),
  ]),
  refused('a minor number beyond Linux', /no such device/, 'cuts it to another device', [
    block('x', { minor: 2 ** 20 }),
  ]),
  refused('a negative device number', /no such device/, 'takes another device', [
    block('x', { major: '\xff'.repeat(8) }),
  ]),
  refused('a device as a parent', /not a directory/, 'opens or replaces it', [
    character('x'),
    file('x/y'),
  ]),
  refused('a FIFO as a parent', /not a directory/, 'waits for ever', [fifo('x'), file('x/y')]),
  legal(
    'a device that becomes a directory',
    'keeps the device',
    [character('x'), dir('y')],
    special,
  ),
  legal(
    'devices and FIFOs',
    'makes files of them',
    [
      dir('dev'),
      character('dev/null'),
      block('dev/loop', { mode: 0o660, gid: 6 }),
      fifo('dev/fifo'),
      block('large', { major: 4095, minor: 2 ** 20 - 1 }),
    ],
    special,
  ),
  legal(
    'hard links to devices and FIFOs',
    'finds nothing to link',
    [character('x'), hard('y', 'x'), fifo('p'), hard('q', 'p')],
    special,
  ),
  legal('a device that becomes a file', 'writes into the device', [
    character('x'),
    file('x', 'content'),
  ]),
  legal('a file of the layer below that becomes a device', 'keeps the file', [character('x')], {
    lower: [file('x')],
    ...special,
  }),
  legal('set-id files and directories', 'loses the bits with the owner', [
    file('su', 'x', { mode: 0o4755, uid: 5, gid: 7 }),
    file('sg', 'x', { mode: 0o2755, gid: 7 }),
    dir('sticky', { mode: 0o3777, gid: 8 }),
    hard('su2', 'su'),
  ]),
  scoped('modes with more bits than there are', 'fails', [file('f', 'x', { mode: 0o7777777 })]),
  scoped('attributes that steer overlay', 'hides and shows files', [
    pax({ 'SCHILY.xattr.trusted.overlay.opaque': 'y' }),
    dir('d'),
    pax({ 'SCHILY.xattr.trusted.overlay.redirect': '/' }),
    dir('e'),
    pax({ 'SCHILY.xattr.user.overlay.whiteout': 'y' }),
    file('f'),
  ]),
  scoped(
    'a capability that is none',
    'fails or sets it',
    [pax({ 'SCHILY.xattr.security.capability': 'garbage\0\xff' }), file('f', 'x', { mode: 0o755 })],
    { like: [] },
  ),
  refused('a global attribute', /global/, 'sets it on every file', [
    pax({ 'SCHILY.xattr.security.capability': 'x' }, 'g'),
    file('f'),
  ]),
  refused('a socket, of a type of its own', /unknown type/, 'makes a file', [
    entry({ name: 's', type: 's' }),
  ]),
  refused('a volume label', /unknown type/, 'leaves it out', [header({ name: 'v', type: 'V' })]),
];

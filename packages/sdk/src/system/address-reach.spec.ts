import { REACH, reachOf } from './address-reach.js';

it.each([
  ['8.8.8.8', 'world'],
  ['172.32.0.1', 'world'],
  ['2606:4700::1', 'world'],
  ['10.1.2.3', 'network'],
  ['172.16.0.1', 'network'],
  ['192.168.1.1', 'network'],
  ['100.64.0.1', 'network'],
  ['fd12:3456::1', 'network'],
  ['::ffff:10.0.0.1', 'network'],
  ['64:ff9b::192.168.0.1', 'network'],
  ['127.0.0.1', 'machine'],
  ['127.8.9.10', 'machine'],
  ['::1', 'machine'],
  ['[::1]', 'machine'],
  ['::ffff:127.0.0.1', 'machine'],
  ['169.254.169.254', 'link'],
  ['0.0.0.0', 'link'],
  ['224.0.0.1', 'link'],
  ['255.255.255.255', 'link'],
  ['fe80::1', 'link'],
  ['fe80::1%eth0', 'link'],
  ['fd00:ec2::254', 'link'],
  ['::', 'link'],
  ['::ffff:169.254.169.254', 'link'],
  // Written without dots: which IPv4 address it leads to is not worked out.
  ['::ffff:a9fe:a9fe', 'link'],
  ['[::ffff:808:808]', 'link'],
  ['2002:a9fe:a9fe::', 'link'],
] as const)('%s reaches the %s', (address, reach) => {
  expect(reachOf(address)).toBe(REACH[reach]);
});

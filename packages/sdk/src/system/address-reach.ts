import { BlockList, isIP } from 'node:net';

/** From where an address can be reached: a wider reach has a higher number. */
export const REACH = { link: 0, machine: 1, network: 2, world: 3 } as const;
export type Reach = (typeof REACH)[keyof typeof REACH];

/** Link-local, where clouds keep their metadata services, and addresses that are not a single machine's. */
const LINK = listOf([
  '0.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/3',
  '::/128',
  'fe80::/10',
  'ff00::/8',
  'fd00:ec2::/32',
]);
const MACHINE = listOf(['127.0.0.0/8', '::1/128']);
/** Private (RFC 1918, RFC 4193), shared by a provider (RFC 6598), and those set aside for other purposes (RFC 6890). */
const NETWORK = listOf([
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  'fc00::/7',
  'fec0::/10',
]);
/** IPv6 forms that lead to an IPv4 address, mapped (RFC 4291) or translated (RFC 6052), which is written in two ways. */
const WITHIN = /^(?:::ffff:|64:ff9b::)(?:([\d.]+\.\d+)|(?:([\da-f]{1,4}):)?([\da-f]{1,4}))$/i;
const SIX_TO_FOUR = /^2002:/i;

export function reachOf(address: string): Reach {
  const bare = address.replace(/^\[|\]$|%.*$/g, '');
  const within = ipv4Within(bare);
  if (isIP(within) === 4) return reachIn(within, 'ipv4');
  // Nobody has such an address any more, and it could lead to any.
  return SIX_TO_FOUR.test(bare) ? REACH.link : reachIn(bare, 'ipv6');
}

function ipv4Within(address: string): string {
  const [matched, dotted, high = '0', low = '0'] = WITHIN.exec(address) ?? [];
  if (matched === undefined) return address;
  const bytes = [high, low].map((group) => parseInt(group, 16)).flatMap((n) => [n >> 8, n & 255]);
  return dotted ?? bytes.join('.');
}

function reachIn(address: string, family: 'ipv4' | 'ipv6'): Reach {
  if (LINK.check(address, family)) return REACH.link;
  if (MACHINE.check(address, family)) return REACH.machine;
  return NETWORK.check(address, family) ? REACH.network : REACH.world;
}

function listOf(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [net = '', bits] = subnet.split('/');
    list.addSubnet(net, Number(bits), isIP(net) === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

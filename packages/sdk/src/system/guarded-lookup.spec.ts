import type { LookupAddress } from 'node:dns';
import { REACH } from './address-reach.js';
import { GuardedLookup } from './guarded-lookup.js';
import { undiciTransport } from './undici-transport.js';

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'public.test': ['8.8.8.8'],
  'intranet.test': ['10.0.0.5'],
  'mixed.test': ['8.8.8.8', '10.0.0.5'],
  'metadata.test': ['169.254.169.254'],
  'here.test': ['127.0.0.1'],
};
const resolve = (
  hostname: string,
  done: (error: Error | null, addresses: readonly LookupAddress[]) => void,
): void => {
  const addresses = NAMES[hostname];
  const found = (addresses ?? []).map((address) => ({ address, family: 4 as const }));
  done(addresses ? null : Object.assign(new Error(hostname), { code: 'ENOTFOUND' }), found);
};

describe('GuardedLookup', () => {
  const look = (lookup: GuardedLookup, hostname: string, least: keyof typeof REACH, all = true) =>
    new Promise((settle) => {
      lookup.atLeast(REACH[least])(hostname, { all }, (error, address) => settle(error ?? address));
    });

  it.each([
    ['public.test', 'world', true],
    ['public.test', 'link', true],
    ['intranet.test', 'network', true],
    ['intranet.test', 'world', false],
    ['mixed.test', 'world', false],
    ['here.test', 'machine', true],
    ['here.test', 'network', false],
    ['metadata.test', 'machine', false],
  ] as const)('%s for one who needs the %s: %s', async (hostname, least, isAllowed) => {
    const lookup = new GuardedLookup(resolve);
    const found = await look(lookup, hostname, least);
    if (isAllowed) expect(found).toHaveLength(NAMES[hostname]?.length ?? 0);
    else expect(found).toMatchObject({ code: 'ERR_PRIVATE_ADDRESS' });
  });

  it('remembers how far a name reached, and reads addresses as they are', async () => {
    const lookup = new GuardedLookup(resolve);
    expect(lookup.reach(new URL('https://intranet.test'))).toBeUndefined();
    expect(await look(lookup, 'intranet.test', 'link', false)).toBe('10.0.0.5');
    expect(lookup.reach(new URL('https://intranet.test:444/x'))).toBe(REACH.network);
    expect(lookup.reach(new URL('https://[::1]:5000/'))).toBe(REACH.machine);
    expect(await look(lookup, 'nobody.test', 'link')).toMatchObject({ code: 'ENOTFOUND' });
  });
});

describe('a transport that is led somewhere', () => {
  const transport = undiciTransport({ resolve, connectMs: 50 });
  const lead = (url: string, namedBy: string) =>
    transport
      .request({
        method: 'GET',
        url: new URL(url),
        headers: {},
        namedBy: new URL(namedBy),
        idleMs: 50,
      })
      .then(
        () => 'answered',
        (error: { code: string }) => error.code,
      );

  it.each([
    'https://10.0.0.5/',
    'https://intranet.test/',
    'https://mixed.test/',
    'https://metadata.test/',
    'https://169.254.169.254/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://here.test:1/',
    'https://127.0.0.1:1/',
  ])('from a public registry never asks %s', async (url) => {
    expect(await lead(url, 'https://8.8.8.8')).toBe('ERR_PRIVATE_ADDRESS');
  });

  it.each([
    ['https://127.0.0.1:1/', 'http://127.0.0.1:5000'],
    ['https://here.test:1/', 'http://127.0.0.1:5000'],
  ])('goes to %s from %s', async (url, namedBy) => {
    expect(await lead(url, namedBy)).toBe('ECONNREFUSED');
  });

  it('from this machine never asks a metadata service, from a private network not this machine', async () => {
    expect(await lead('http://metadata.test/', 'http://127.0.0.1:5000')).toBe(
      'ERR_PRIVATE_ADDRESS',
    );
    expect(await lead('https://here.test:1/', 'https://10.0.0.5')).toBe('ERR_PRIVATE_ADDRESS');
    // A registry that a proxy resolved counts as public.
    expect(await lead('https://intranet.test/', 'https://unknown.test')).toBe(
      'ERR_PRIVATE_ADDRESS',
    );
  });
});

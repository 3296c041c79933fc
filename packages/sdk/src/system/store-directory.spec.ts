import { storeDirectory } from './store-directory.js';

it.each([
  ['/env', '/configured', '/env'],
  ['relative', '/configured', '/configured'],
  [undefined, '/configured', '/configured'],
  [undefined, undefined, '/cache/nx-nixpack'],
])('NX_NIXPACK_STORE %s and configured %s: %s', (named, configured, expected) => {
  const environment = { NX_NIXPACK_STORE: named, XDG_CACHE_HOME: '/cache' };
  expect(storeDirectory(environment, configured)).toBe(expected);
});

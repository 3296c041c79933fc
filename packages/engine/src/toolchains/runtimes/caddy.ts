import { debianRuntime } from './debian-runtime.js';

/** The server of single-page applications. */
export const caddy = debianRuntime({
  name: 'caddy',
  package: 'caddy',
  license: 'Apache-2.0',
  attribute: /^caddy$/,
  run: ['caddy'],
  build: [],
});

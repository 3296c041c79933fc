import { debianRuntime } from './debian-runtime.js';

/** The server in front of PHP and of static files. */
export const nginx = debianRuntime({
  name: 'nginx',
  package: 'nginx',
  license: 'BSD-2-Clause',
  attribute: /^nginx(?:Stable|Mainline)?$/,
  run: ['nginx'],
  build: [],
});

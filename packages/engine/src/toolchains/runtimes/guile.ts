import { debianRuntime } from './debian-runtime.js';

/** The Scheme that Haunt is written in; it runs the program as well. */
export const guile = debianRuntime({
  name: 'guile',
  package: 'guile-3.0',
  license: 'LGPL-3.0-or-later',
  attribute: /^guile(?:_3_0)?$/,
  run: ['guile-3.0'],
  build: [],
});

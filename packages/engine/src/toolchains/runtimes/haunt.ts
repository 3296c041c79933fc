import { debianRuntime } from './debian-runtime.js';

/** The static site generator, a library and a program of Guile: what starts the image may use it too. */
export const haunt = debianRuntime({
  name: 'haunt',
  package: 'haunt',
  license: 'GPL-3.0-or-later',
  attribute: /^haunt$/,
  run: ['haunt', 'guile-3.0'],
  build: [],
});

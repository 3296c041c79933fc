import { debianRuntime } from './debian-runtime.js';

/** GnuCOBOL 3: the compiler in the build, its library in the image. */
export const cobol = debianRuntime({
  name: 'cobol',
  package: 'gnucobol3',
  license: 'GPL-3.0-or-later, its library LGPL-3.0-or-later',
  attribute: /^gnu-?cobol$/,
  run: ['libcob4t64 | libcob4'],
  build: ['gnucobol3'],
});

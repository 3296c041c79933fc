import { debianRuntime } from './debian-runtime.js';

/** Clojure's build tool; Clojure itself is a library of the project, from Maven. */
export const leiningen = debianRuntime({
  name: 'leiningen',
  package: 'leiningen',
  license: 'EPL-1.0',
  attribute: /^leiningen$/,
  run: [],
  build: ['leiningen'],
});

import { absenceRefusal } from './refusal.js';
import type { Runtime } from './runtime.js';

/** A language whose programs no channel has: its place, and why it is refused at planning. */
const unavailable = (name: string, attribute: RegExp, reason: string): Runtime => ({
  name,
  channel: 'none',
  verified: '',
  license: '',
  wanted: (wanted) => (attribute.test(wanted) ? '' : undefined),
  resolve: (wish) => Promise.reject(absenceRefusal(wish, reason)),
  steps: () => ({ run: [], build: [] }),
});

const OWN_HOST = 'is published on hosts of its own, not in a package registry';

/** One line each; what gets a channel gets a file of its own instead. */
export const UNAVAILABLE: readonly Runtime[] = [
  unavailable('dotnet', /^dotnet-(?:sdk|runtime)/, `the SDK ${OWN_HOST}`),
  unavailable('dart', /^dart$/, `the SDK ${OWN_HOST}`),
  unavailable('lunatic', /^lunatic$/, 'it is no longer published, only its source is'),
  unavailable('gleam', /^gleam$/, `the compiler ${OWN_HOST}`),
  unavailable('clojure', /^clojure$/, `its command line ${OWN_HOST}; Leiningen is in Debian`),
];

/**
 * Names that `providers` may hold: those of the planner, in its order. Checked here, so that a misspelled one is shown at its
 * place; written by the spec of the names in sdk (`UPDATE_DOCS=1 npx jest provider-names`).
 */
export const PROVIDER_NAMES = [
  'crystal',
  'c#',
  'dart',
  'elixir',
  'deno',
  'f#',
  'clojure',
  'gleam',
  'go',
  'haskell',
  'scheme',
  'java',
  'lunatic',
  'scala',
  'php',
  'ruby',
  'node',
  'python',
  'rust',
  'swift',
  'staticfile',
  'zig',
  'cobol',
] as const;

/** In a list of providers: what detection finds. */
export const DETECTED = '...';

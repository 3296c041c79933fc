/** Names that `providers` may hold: those of nixpacks, in its order. Checked here, so that a misspelt one is shown at its place. */
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

/** ES modules that Jest must translate because `require` of them is not possible inside its module registry. */
const ESM = [
  'execa',
  '@sindresorhus/merge-streams',
  'figures',
  'get-stream',
  'human-signals',
  'is-plain-obj',
  'is-stream',
  'npm-run-path',
  'path-key',
  'pretty-ms',
  'parse-ms',
  'strip-final-newline',
  'yoctocolors',
  'is-unicode-supported',
  'unicorn-magic',
  '@sec-ant/readable-stream',
];

/** @type {import('jest').Config} */
module.exports = {
  roots: ['<rootDir>/packages'],
  testMatch: ['**/src/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '\\.(?:machine|slow)\\.spec\\.ts$'],
  testEnvironment: 'node',
  // Jest leaves one core idle, which is half of a machine with two; much of the time is spent waiting.
  maxWorkers: '100%',
  // A limit only for what hangs: load must not break a test.
  testTimeout: 600_000,
  testEnvironmentOptions: {
    customExportConditions: ['@nx-nixpack/source', 'node', 'require', 'default'],
  },
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${ESM.join('|')})/)`],
  moduleNameMapper: {
    // TypeScript names the file that will be emitted; the specs run from the sources.
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^unicorn-magic$': '<rootDir>/node_modules/unicorn-magic/node.js',
  },
  modulePathIgnorePatterns: [
    '<rootDir>/examples',
    '<rootDir>/tmp',
    '<rootDir>/packages/[^/]+/dist/',
  ],
};

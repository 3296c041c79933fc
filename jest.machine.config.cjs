const preset = require('./jest.config.cjs');

/** Specs that start real processes, need root or a network: one at a time, long limits. */
module.exports = {
  ...preset,
  roots: ['<rootDir>/packages'],
  testMatch: ['**/*.machine.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: 1,
  testTimeout: 600000,
};

const preset = require('./jest.machine.config.cjs');

/** Specs that download and install for minutes: for whoever changes what they check, not for every change. */
module.exports = { ...preset, testMatch: ['**/*.slow.spec.ts'] };

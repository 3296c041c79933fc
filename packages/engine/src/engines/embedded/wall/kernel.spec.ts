import { processLimit } from './kernel.js';

describe('processLimit', () => {
  it.each([
    ['6.14.0-arch1', true],
    ['7.0.1', true],
    ['6.13.12', false],
    ['5.15.0-91-generic', false],
  ])('on %s is for the step alone: %s', (release, own) => {
    expect(processLimit(release) > 0).toBe(own);
  });
});

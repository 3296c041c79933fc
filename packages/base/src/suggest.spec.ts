import { editDistance } from './suggest.js';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['abc', '', 3],
    ['tag', 'tags', 1],
    ['sha', 'sah', 1],
    ['kitten', 'sitting', 3],
  ])('%j, %j: %i', (a, b, distance) => {
    expect([editDistance(a, b), editDistance(b, a)]).toEqual([distance, distance]);
  });
});

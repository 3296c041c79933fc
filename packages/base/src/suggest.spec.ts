import { didYouMean, editDistance, nearest } from './suggest.js';

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

describe('nearest', () => {
  it.each([
    ['build_img', ['build_image', 'run_image'], ['build_image']],
    ['RUN-IMAGE', ['build_image', 'run_image'], ['run_image']],
    ['ab', ['xy', 'abc', 'b'], ['abc', 'b']],
    ['completely', ['other', 'words'], []],
  ])('of %j among %j: %j', (name, known, found) => {
    expect(nearest(name, known)).toEqual(found);
  });
});

describe('didYouMean', () => {
  it('names the nearest, else all when they are few, else says that there is none', () => {
    expect(didYouMean('lables', ['labels', 'ports'])).toBe('Did you mean labels?');
    expect(didYouMean('nothing-like-it', ['labels', 'ports'])).toBe('Use one of: labels, ports.');
    expect(didYouMean('x', [])).toBe('There is none; add it first.');
  });
});

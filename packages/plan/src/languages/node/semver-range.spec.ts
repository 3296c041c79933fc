import { NODE_MAJORS } from './version.js';
import { allowsMajor, parseRange } from './semver-range.js';

/** The newest major that a range allows; undefined when it is not a range or allows none. */
function newest(range: string): number | undefined {
  const parsed = parseRange(range);
  return parsed && NODE_MAJORS.find((major) => allowsMajor(parsed, major));
}

// Recorded from nixpacks 1.41.0.
it.each([
  ['>=18', 24],
  ['^18', 18],
  ['~16.1', 16],
  ['~> 16', 16],
  ['20.x', 20],
  ['x', 24],
  ['x.20', 24],
  ['=v20', 20],
  ['>= v20', 24],
  ['<=18', 16],
  ['<=18.0', 16],
  ['<=18.5', 18],
  ['<=18.0.0', 18],
  ['<=20.x', 18],
  ['<18.0.1', 18],
  ['<18.0.0-0', 16],
  ['>20', 24],
  ['>14 <16', undefined],
  ['>=14 <=16', 14],
  ['18 - 20.1', 20],
  ['20 - 22 <21', 20],
  ['14 - *', undefined],
  ['14 16', 16],
  ['>=22 <18', 24],
  ['>=15 14 16', 24],
  ['14 16 >=15', 16],
  ['^14.1 || ^16', 16],
  ['20 ||', 20],
  ['16 || foo', 16],
  ['>=20.0.0 foo', 24],
  ['- 20', 20],
  ['20- 22', 22],
  ['16 \n18', 16],
  ['020', 20],
  ['20.1.2-beta', 20],
  ['20.1.2beta', 20],
  [' - 20', 20],
  ['21.0.0-alpha', undefined],
  ['^20.0.0-rc.1', 20],
  ['>=21.0.0-0 <21', undefined],
  ['20.1.2+build', 20],
  ['^0.1', undefined],
  ['21.x', undefined],
  ['>24', undefined],
])('%j allows %s', (range, major) => {
  expect(newest(range)).toBe(major);
});

it.each([
  '',
  'foo',
  'lts/*',
  '18-20',
  '20,22',
  '16.0.0.1',
  '20.1.020.1.0',
  '18.',
  '.18',
  '20-beta',
  '>=18<20',
  '!=18',
  '99999999999999999999',
  '<*',
  '~>=16',
])('%j is not a range', (range) => {
  expect(parseRange(range)).toBeUndefined();
});

import { npmRange } from './npm-range.js';
import { compareNumbers, numbersOf } from './numbers.js';
import { pythonRange } from './python-range.js';

const versions = [
  '16.20.2',
  '18.0.0',
  '18.20.8',
  '20.11.1',
  '20.19.6',
  '22.3.0',
  '22.23.3',
  '24.21.0',
];
const npm = (range: string) => fitting(npmRange(range));
const fitting = (fits: ReturnType<typeof npmRange>, of = versions) =>
  fits && of.filter((version) => fits(numbersOf(version) ?? []));

describe('npmRange', () => {
  it.each<[string, string]>([
    ['20', '20.11.1 20.19.6'],
    ['v20.11', '20.11.1'],
    ['20.x', '20.11.1 20.19.6'],
    ['20.11.1', '20.11.1'],
    ['=20.11.1', '20.11.1'],
    ['^20.11.1', '20.11.1 20.19.6'],
    ['^20.12', '20.19.6'],
    ['~20.11', '20.11.1'],
    ['~20', '20.11.1 20.19.6'],
    ['>=18 <21', '18.0.0 18.20.8 20.11.1 20.19.6'],
    ['>= 18.1 < 20', '18.20.8'],
    ['>20', '22.3.0 22.23.3 24.21.0'],
    ['<=18', '16.20.2 18.0.0 18.20.8'],
    ['<18', '16.20.2'],
    ['18 - 20.11', '18.0.0 18.20.8 20.11.1'],
    ['^20.19.0 || >=22.12.0', '20.19.6 22.23.3 24.21.0'],
    ['16 || 24', '16.20.2 24.21.0'],
    ['>=20.0.0-rc.1', '20.11.1 20.19.6 22.3.0 22.23.3 24.21.0'],
    ['*', versions.join(' ')],
    ['', versions.join(' ')],
    ['99', ''],
  ])('%s', (range, expected) => {
    expect(npm(range)?.join(' ')).toBe(expected);
  });

  it.each(['please', '>=x.y', '20 please', 'lts/*', '$(id)', `>=${'1'.repeat(300)}`])(
    'does not read %s',
    (range) => {
      expect(npmRange(range)).toBeUndefined();
    },
  );
});

describe('pythonRange', () => {
  const pythons = ['3.9.6', '3.10.8', '3.11.2', '3.12.1', '3.13.5', '3.14.3'];
  it.each<[string, string]>([
    ['>=3.10', '3.10.8 3.11.2 3.12.1 3.13.5 3.14.3'],
    ['>=3.9,<3.13', '3.9.6 3.10.8 3.11.2 3.12.1'],
    ['>=3.9, <4.0, !=3.10.*', '3.9.6 3.11.2 3.12.1 3.13.5 3.14.3'],
    ['>=3.9 <3.11', '3.9.6 3.10.8'],
    ['==3.12.*', '3.12.1'],
    ['==3.12', '3.12.1'],
    ['3.12.*', '3.12.1'],
    ['~=3.12.0', '3.12.1'],
    ['~=3.12', '3.12.1 3.13.5 3.14.3'],
    ['^3.11', '3.11.2 3.12.1 3.13.5 3.14.3'],
    ['~3.11', '3.11.2'],
    ['~3.11 || ^3.13', '3.11.2 3.13.5 3.14.3'],
    ['>3.12', '3.12.1 3.13.5 3.14.3'],
    ['<=3.12', '3.9.6 3.10.8 3.11.2'],
    ['*', pythons.join(' ')],
  ])('%s', (range, expected) => {
    expect(fitting(pythonRange(range), pythons)?.join(' ')).toBe(expected);
  });

  it.each(['pypy3.9', '>=three', '3.12; rm'])('does not read %s', (range) => {
    expect(pythonRange(range)).toBeUndefined();
  });
});

describe('numbersOf', () => {
  it('takes releases alone', () => {
    expect(['1.2', 'v1', '1.2-rc.1', '', 'x', '1..2'].map(numbersOf)).toEqual([
      [1, 2],
      [1],
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(compareNumbers([1, 2], [1, 2, 0])).toBe(0);
    expect(compareNumbers([1, 10], [1, 9, 9])).toBeGreaterThan(0);
  });
});

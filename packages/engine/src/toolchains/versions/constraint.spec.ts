import { constraint } from './constraint.js';
import { numbersOf } from './numbers.js';

const fits = (text: string, ...versions: string[]) =>
  versions.filter((version) => constraint(text)?.(numbersOf(version) ?? []));
const ALL = ['7.4.33', '8.2.29', '8.4.11', '9.0.1'];

describe('constraint', () => {
  it.each([
    ['8.2', ['8.2.29']],
    ['8.2.*', ['8.2.29']],
    ['^8.2', ['8.2.29', '8.4.11']],
    ['^7.4|^8.3', ['7.4.33', '8.4.11']],
    ['^7.4 || ^8.3', ['7.4.33', '8.4.11']],
    ['~8.2', ['8.2.29', '8.4.11']],
    ['~> 8.2.0', ['8.2.29']],
    ['>= 8.3', ['8.4.11', '9.0.1']],
    ['>=7.4 <8.4', ['7.4.33', '8.2.29']],
    ['>= 7.4, < 9', ['7.4.33', '8.2.29', '8.4.11']],
    ['~> 7.0 or ~> 9.0', ['7.4.33', '9.0.1']],
    ['>= 8.0 and < 8.3', ['8.2.29']],
    ['8.0 - 8.2', ['8.2.29']],
    ['!=8.2', ['7.4.33', '8.4.11', '9.0.1']],
    ['*', ALL],
    ['v8.4.11', ['8.4.11']],
    ['8.4.10', []],
    ['^0.2', []],
  ])('%s', (text, expected) => {
    expect(fits(text, ...ALL)).toEqual(expected);
  });

  it('keeps ^0.2 below 0.3', () => {
    expect(fits('^0.2', '0.2.9', '0.3.0')).toEqual(['0.2.9']);
  });

  it.each(['', 'dev-main', 'system', '^8.2 || dev-main'])('says that "%s" is none', (text) => {
    expect(constraint(text)).toBeUndefined();
  });
});

import ids from 'spdx-license-ids';
import { debianShortName } from './dpkg/debian-licenses.js';
import { distinctLicenses, isExpression, readLicense } from './licenses.js';

describe('readLicense', () => {
  it.each([
    ['MIT', { kind: 'id', id: 'MIT' }],
    ['mit', { kind: 'id', id: 'MIT' }],
    [' Apache 2.0 ', { kind: 'id', id: 'Apache-2.0' }],
    ['GPL-2.0', { kind: 'id', id: 'GPL-2.0' }],
    ['GPL-2.0+', { kind: 'expression', expression: 'GPL-2.0+' }],
    ['(MIT OR CC0-1.0)', { kind: 'expression', expression: '(MIT OR CC0-1.0)' }],
    ['mit or (apache 2 and isc)', { kind: 'name', name: 'mit or (apache 2 and isc)' }],
    ['MIT/Apache-2.0', { kind: 'expression', expression: 'MIT OR Apache-2.0' }],
    [
      'gpl-2.0-only with classpath-exception-2.0',
      { kind: 'name', name: 'gpl-2.0-only with classpath-exception-2.0' },
    ],
    [
      'GPL-2.0-only with Classpath-exception-2.0',
      { kind: 'expression', expression: 'GPL-2.0-only WITH Classpath-exception-2.0' },
    ],
    ['UNLICENSED', { kind: 'name', name: 'UNLICENSED' }],
    ['BSD', { kind: 'name', name: 'BSD' }],
    ['Copyright me\nand others', { kind: 'name', name: 'Copyright me' }],
    ['', undefined],
    ['UNKNOWN', undefined],
  ])('reads %j', (text, expected) => {
    expect(readLicense(text)).toEqual(expected);
  });

  it('cuts a name that is a whole text', () => {
    expect(readLicense('x '.repeat(200))).toEqual({ kind: 'name', name: `${'x '.repeat(59)}x…` });
  });

  it('reads any identifier of the list as itself, in any case', () => {
    for (const id of ids) expect(readLicense(id.toUpperCase())).toEqual({ kind: 'id', id });
  });

  it('never gives an expression that does not parse', () => {
    for (const text of ['MIT OR', 'OR MIT', '(MIT', 'MIT AND AND ISC', '()', 'MIT WITH MIT']) {
      expect(readLicense(text)?.kind).toBe('name');
      expect(isExpression(text)).toBe(false);
    }
  });

  it.each([
    'gpl-1',
    'gpl-2',
    'gpl-2+',
    'gpl-3+',
    'lgpl-2',
    'lgpl-2.1',
    'lgpl-3+',
    'agpl-3',
    'gfdl-1.3+',
    'expat',
    'perl',
    'artistic',
  ])('translates Debian’s %s to SPDX', (name) => {
    expect(readLicense(name, debianShortName)?.kind).not.toBe('name');
  });

  it('keeps each license once', () => {
    const mit = { kind: 'id', id: 'MIT' } as const;
    expect(distinctLicenses([mit, undefined, { ...mit }])).toEqual([mit]);
  });
});

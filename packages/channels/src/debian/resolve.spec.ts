import { packageText } from '@nx-nixpack/testing';
import { baseOf } from './base-packages.js';
import { DebianRelease } from './open-release.js';
import { PackagesFile } from './packages-file.js';
import { reduced, reducedStatus } from './reduced.js';
import { resolveDebian } from './resolve.js';

type Line = readonly [name: string, fields?: Readonly<Record<string, string>>, version?: string];

function release(...lines: readonly Line[]): DebianRelease {
  const stanzas = lines.map(([name, fields = {}, version = '1']) => {
    const more = Object.entries(fields).map(([key, value]) => `${key}: ${value}\n`);
    return packageText(name, version, more.join(''));
  });
  const text = reduced(stanzas.join('\n'));
  expect(text).not.toContain('Description');
  const described = { codename: 'trixie', architecture: 'amd64' };
  return new DebianRelease(described, [new PackagesFile(text)]);
}
const names = (from: DebianRelease, wanted: string, installed: readonly string[] = []) => {
  const before = resolveDebian(from, installed);
  return resolveDebian(from, wanted.split(' '), { installed: before }).map(({ name }) => name);
};

describe('resolveDebian', () => {
  it('puts what is needed before what needs it, and what is pre-depended on first in a circle', () => {
    const from = release(
      ['app', { Depends: 'lib (>= 1), data' }],
      ['lib', { 'Pre-Depends': 'loader' }],
      ['loader', { Depends: 'lib' }],
      ['data'],
    );
    expect(names(from, 'app')).toEqual(['loader', 'lib', 'data', 'app']);
    expect(names(from, 'app', ['data'])).toEqual(['loader', 'lib', 'app']);
  });

  it('takes the first alternative that there is, unless another is there already', () => {
    const from = release(
      ['app', { Depends: 'gone | one | two' }],
      ['one'],
      ['two'],
      ['other', { Depends: 'two' }],
    );
    expect(names(from, 'app')).toEqual(['one', 'app']);
    expect(names(from, 'app other')).toEqual(['two', 'app', 'other']);
  });

  it('takes the most important of those that provide a name, and versions only where they say one', () => {
    const from = release(
      ['app', { Depends: 'awk' }],
      ['strict', { Depends: 'awk (>= 2)' }],
      ['gawk', { Provides: 'awk', Priority: 'optional' }],
      ['mawk', { Provides: 'awk', Priority: 'required' }],
      ['new', { Provides: 'awk (= 2)', Priority: 'optional' }],
    );
    expect(names(from, 'app')).toEqual(['mawk', 'app']);
    expect(names(from, 'strict')).toEqual(['new', 'strict']);
  });

  it('avoids an alternative that conflicts, and refuses packages that do', () => {
    const from = release(
      ['app', { Depends: 'one | two' }],
      ['one', { Conflicts: 'mine' }],
      ['two'],
      ['mine'],
    );
    expect(names(from, 'mine app')).toEqual(['mine', 'two', 'app']);
    expect(() => names(from, 'mine one')).toThrow(/cannot be installed together/);
  });

  it('takes the newest version, another when it is asked for', () => {
    const from = release(
      ['tool', {}, '1.9'],
      ['tool', {}, '1.10'],
      ['app', { Depends: 'tool (<< 2)' }],
    );
    expect(resolveDebian(from, ['tool:amd64'])[0]?.version).toBe('1.10');
    expect(resolveDebian(from, ['app', 'tool=1.9'])[0]?.version).toBe('1.9');
  });

  it.each<[string, RegExp, RegExp]>([
    ['tol', /no package "tol"/, /Did you mean tool/],
    ['tool=3', /does not have "tool=3"/, /1\.10, 1\.9/],
    ['tool:s390x', /another architecture/, /Leave/],
    ['broken', /nothing for "missing \(>= 2\)", which broken 1 needs/, /Leave/],
  ])('refuses %s and says what there is', (wanted, message, hint) => {
    const from = release(
      ['tool', {}, '1.9'],
      ['tool', {}, '1.10'],
      ['broken', { Depends: 'missing (>= 2)' }],
    );
    expect(() => names(from, wanted)).toThrow(
      expect.objectContaining({
        code: 'TOOLCHAIN_UNAVAILABLE',
        message: expect.stringMatching(message) as string,
        hint: expect.stringMatching(hint) as string,
      }),
    );
  });

  it('composes a base of what is essential and the package manager', () => {
    const besides = ['apt', 'ca-certificates', 'mawk', 'netbase', 'passwd', 'tzdata'];
    const from = release(
      ['bash', { Essential: 'yes' }],
      ['usr-is-merged'],
      ...besides.map((name): Line => [name]),
    );
    expect(
      baseOf(from)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...besides, 'bash', 'usr-is-merged'].sort());
  });
});

describe('resolveDebian for a base that somebody else made', () => {
  const from = release(
    ['libc6', { Breaks: 'locales (<< 2)' }, '2'],
    ['libc-bin', { Depends: 'libc6 (>= 1)' }, '2'],
    ['libc-dev', { Depends: 'libc6 (= 2)' }, '2'],
    ['locales', {}, '2'],
    ['header', { Depends: 'libc6 (= 1)' }],
    ['header', { Depends: 'libc6 (= 2)' }, '2'],
    ['curl', { Depends: 'libc6' }, '2'],
    ['tool', { Depends: 'other (<< 3)' }],
    ['other', {}, '2'],
    ['app', { Depends: 'libc6 (>= 2)' }],
  );
  const installed = (name: string, version = '1', more = '', status = 'install ok installed') =>
    `Package: ${name}\nStatus: ${status}\nArchitecture: amd64\nVersion: ${version}\n${more}Description: x\n more\n`;
  const base = (...stanzas: readonly string[]) => ({ status: reducedStatus(stanzas.join('\n')) });
  const ids = (names: string, ...stanzas: readonly string[]) =>
    resolveDebian(from, names.split(' '), base(...stanzas)).map(
      ({ name, version }) => `${name}=${version}`,
    );

  it('lists nothing that is there, in whatever version', () => {
    expect(ids('curl', installed('libc6'))).toEqual(['curl=2']);
    expect(ids('curl', installed('libc6'), installed('curl'))).toEqual([]);
    expect(base(installed('libc6')).status).not.toMatch(/Description|Status| more/);
  });

  it('takes what was removed, or is of another architecture, as not there', () => {
    const removed = installed('libc6', '1', '', 'deinstall ok config-files');
    const foreign = installed('libc6').replace('amd64', 'i386');
    for (const stanza of [removed, foreign])
      expect(ids('curl', stanza)).toEqual(['libc6=2', 'curl=2']);
  });

  it('renews what must be newer, with what was made together with it or would break', () => {
    const stanzas = [
      installed('libc6'),
      installed('libc-bin', '1', 'Depends: libc6 (>= 1)\n'),
      installed('header', '1', 'Depends: libc6 (= 1)\n'),
      installed('locales'),
    ];
    expect(ids('libc-dev', ...stanzas).sort()).toEqual(
      ['header=2', 'libc-dev=2', 'libc6=2', 'locales=2'].sort(),
    );
    expect(ids('curl', ...stanzas)).toEqual(['curl=2']);
  });

  it('refuses what would be older than what is there, or leave something without its needs', () => {
    expect(() => ids('tool', installed('other', '3'))).toThrow(
      /The base has other 3, and what is brought to it needs 2, which is older/,
    );
    const own = installed('mine', '1', 'Depends: libc6 (<< 2)\n');
    expect(() => ids('app', installed('libc6'), own)).toThrow(/which mine 1 needs/);
  });
});

it('makes no package of a stanza whose names would be paths or commands', () => {
  const wrong = [
    packageText('tool', '1').replace('pool/', '../pool/'),
    packageText('tool', '$(id)'),
    packageText('tool', '1').replace(/SHA256: .*/, 'SHA256: 0'),
  ];
  for (const text of wrong) expect(new PackagesFile(text).packages('tool')).toEqual([]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromLines, fromStanzas, restrict } from './apt-sources.mjs';

test('reads one-line sources with options', () => {
  const text = [
    '# deb http://old.example bookworm main',
    'deb [signed-by=/k.gpg arch=amd64,arm64] http://m.example/debian bookworm main contrib # note',
    'deb-src http://m.example/debian bookworm main',
  ].join('\n');
  assert.deepEqual(fromLines(text), [
    {
      types: 'deb',
      uris: 'http://m.example/debian',
      suites: 'bookworm',
      components: 'main contrib',
      'signed-by': '/k.gpg',
      architectures: 'amd64 arm64',
    },
  ]);
});

test('reads deb822 sources with comments between fields and continued lines', () => {
  const text = [
    'Types: deb',
    '# a comment',
    'URIs: http://m.example/debian',
    'Suites: bookworm bookworm-updates',
    'Signed-By:',
    ' -----BEGIN',
    ' .',
    '',
    'Types: deb',
    'URIs: http://other.example',
  ].join('\n');
  const [first, second] = fromStanzas(text);
  assert.equal(first.suites, 'bookworm bookworm-updates');
  assert.equal(first['signed-by'], '-----BEGIN\n .');
  assert.equal(second.uris, 'http://other.example');
});

test('keeps the suites of the release and nothing of third parties', () => {
  const stanza = { types: 'deb deb-src', uris: 'u', components: 'main' };
  const own = restrict({ ...stanza, suites: 'bookworm bookworm-security sid' }, 'bookworm');
  assert.deepEqual(own, { ...stanza, types: 'deb', suites: 'bookworm bookworm-security' });
  assert.equal(restrict({ ...stanza, suites: 'nodistro' }, 'bookworm'), undefined);
  assert.equal(restrict({ ...stanza, suites: 'bookworm', enabled: 'no' }, 'bookworm'), undefined);
  assert.equal(
    restrict({ ...stanza, types: 'deb-src', suites: 'bookworm' }, 'bookworm'),
    undefined,
  );
});

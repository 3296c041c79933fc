import assert from 'node:assert/strict';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { layerEntries } from './root-tree.mjs';

const root = mkdtempSync(join(tmpdir(), 'root-tree-'));
after(() => rmSync(root, { recursive: true }));

function tree(name, files) {
  const directory = join(root, name);
  mkdirSync(directory);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(directory, path, '..'), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return directory;
}

const paths = (entries) => [...entries].map(({ path, type }) => `${type} ${path}`);

test('lists a tree in walk order, links as links, and nothing inside dev', () => {
  const upper = tree('all', { 'b/x': '1', 'b.c': '2', 'dev/null': '' });
  linkSync(join(upper, 'b/x'), join(upper, 'z'));
  symlinkSync('nowhere', join(upper, 'a'));
  const entries = [...layerEntries({ upper })];
  assert.deepEqual(paths(entries), [
    'symlink a',
    'directory b',
    'file b/x',
    'file b.c',
    'directory dev',
    'hardlink z',
  ]);
  assert.equal(entries[5].target, 'b/x');
  assert.equal(Buffer.concat([...entries[2].open()]).toString(), '1');
});

test('gives what changed, with whiteouts for what is gone', () => {
  const lower = tree('lower', { 'etc/same': 's', 'etc/gone': 'g', 'etc/new': 'old', 'opt/x': '' });
  const upper = tree('upper', { 'etc/same': 's', 'etc/new': 'NEW', 'usr/bin/tool': 't' });
  assert.deepEqual(paths(layerEntries({ upper, lower })), [
    'file .wh.opt',
    'file etc/.wh.gone',
    'file etc/new',
    'directory usr',
    'directory usr/bin',
    'file usr/bin/tool',
  ]);
  assert.deepEqual(paths(layerEntries({ upper, lower, whiteouts: false })).slice(0, 1), [
    'file etc/new',
  ]);
});

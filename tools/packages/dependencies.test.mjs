import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { manifestOf, publishedPackages } from '../house/packages.mjs';
import { root } from '../root.mjs';

test('docs/dependencies.md has a reason for every runtime dependency, and for no other', () => {
  const used = publishedPackages(root).flatMap((folder) =>
    Object.keys(manifestOf(root, folder).dependencies ?? {}),
  );
  const page = readFileSync(join(root, 'docs', 'dependencies.md'), 'utf8');
  const explained = [...page.matchAll(/^- ((?:`[^`]+`(?:, )?)+):/gm)]
    .flatMap(([, names]) => names.split(', '))
    .map((name) => name.replaceAll('`', ''));
  const own = (name) => !name.startsWith('@nx-nixpack/');
  assert.deepEqual(explained.sort(), [...new Set(used.filter(own))].sort());
});

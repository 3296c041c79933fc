import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { manifestOf, packed, publishedPackages } from '../house/packages.mjs';
import { root } from '../root.mjs';

/** What every package may hold, and what single ones need beside it. */
const ALLOWED = [/^package\.json$/, /^README\.md$/, /^LICENSE$/, /^dist\/.+\.(js|d\.ts)$/];
const FURTHER = {
  deployment: [/^deployment\.schema\.json$/],
  'nx-nixpack': [
    /^(executors|generators|migrations)\.json$/,
    /^src\/.+\/schema\.json$/,
    /^nixpack\.lock\.schema\.json$/,
  ],
  sbom: [/^generated\/[a-z0-9.-]+\.cjs$/],
};
/** Names of what serves tests and tools alone. */
const FOR_TESTS =
  /\.(spec|contract|sample|fixture)\.|(^|\/)(conformance|fixtures?|testing|test-support|__\w+__)\//;

for (const folder of publishedPackages(root)) {
  const { files, size, unpackedSize } = packed(root, folder);
  const paths = files.map(({ path }) => path);

  test(`${folder} publishes what users need and nothing else`, (t) => {
    const allowed = [...ALLOWED, ...(FURTHER[folder] ?? [])];
    assert.deepEqual(
      paths.filter((path) => FOR_TESTS.test(path) || !allowed.some((one) => one.test(path))),
      [],
    );
    t.diagnostic(`${paths.length} files, ${size} bytes packed, ${unpackedSize} unpacked`);
  });

  test(`${folder} publishes nothing whose source is gone`, () => {
    const sources = paths
      .filter((path) => path.startsWith('dist/'))
      .map((path) => path.replace(/^dist\//, 'src/').replace(/(\.d\.ts|\.js)$/, '.ts'));
    const gone = sources.filter((path) => !existsSync(join(root, 'packages', folder, path)));
    assert.deepEqual(gone, [], 'node tools/build.mjs removes it');
  });

  test(`${folder} publishes what its manifest points at`, () => {
    const { exports, executors, generators } = manifestOf(root, folder);
    const targets = Object.values(exports).flatMap((one) =>
      typeof one === 'string' ? [one] : [one.types, one.default],
    );
    const wanted = [...targets, executors, generators]
      .filter((path) => path !== undefined)
      .map((path) => path.replace(/^\.\//, ''));
    assert.deepEqual(
      wanted.filter((path) => !paths.includes(path)),
      [],
    );
    assert.ok(paths.includes('README.md'), 'README.md');
  });

  test(`${folder} publishes the license, word by word`, () => {
    assert.ok(paths.includes('LICENSE'), 'cp LICENSE to the folder of the package');
    const text = (...place) => readFileSync(join(root, ...place, 'LICENSE'), 'utf8');
    assert.equal(text('packages', folder), text());
  });
}

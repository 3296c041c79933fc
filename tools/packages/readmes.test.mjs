import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { publishedPackages } from '../house/packages.mjs';
import { root } from '../root.mjs';
import { run } from '../setup/command.mjs';

/** Inside the checkout, so that the examples find the built packages as a user's program finds installed ones. */
mkdirSync(join(root, 'tmp'), { recursive: true });
const scratch = mkdtempSync(join(root, 'tmp', 'readmes-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

for (const folder of publishedPackages(root))
  test(`the example in the README of ${folder} prints what the README says`, async () => {
    const text = readFileSync(join(root, 'packages', folder, 'README.md'), 'utf8');
    const blocks = [
      ...text.matchAll(/^```js\n(?<code>.*?)^```\n\n```text\n(?<output>.*?)^```$/gms),
    ];
    assert.equal(blocks.length, 1, 'a block js, followed by what it prints as a block text');
    const { code, output } = blocks[0].groups;
    const place = mkdtempSync(join(scratch, `${folder}-`));
    writeFileSync(join(place, 'example.mjs'), code);
    const { stdout } = await run(process.execPath, ['example.mjs'], { cwd: place });
    assert.equal(stdout, output);
  });

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { generatePlan } from './generate/generate-plan.js';
import { memoryTree } from './source/memory-tree.contract.js';
import { QUIRKS } from './quirks.js';

const PAGE = join(__dirname, '..', '..', '..', 'docs', 'nixpacks-compatibility.md');
const BLOCK = /(<!-- facts: quirks -->\n)([\s\S]*?)(<!-- \/facts -->)/;

const table = (): string =>
  ['| | nixpacks | here | |', '| --- | --- | --- | --- |']
    .concat(
      QUIRKS.map(
        ({ id, behaviour, here, meaning }) => `| ${id} | ${behaviour} | ${here} | ${meaning} |`,
      ),
    )
    .join('\n');

/** Prettier aligns tables; the words are what counts. */
const words = (text: string): string => text.replace(/-{3,}/g, '---').replace(/\s+/g, ' ').trim();

it('are all in the documentation', () => {
  const page = readFileSync(PAGE, 'utf8');
  const wanted = page.replace(
    BLOCK,
    (_all, open: string, _old, close: string) => `${open}\n${table()}\n\n${close}`,
  );
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, wanted);
  else expect(words(page)).toBe(words(wanted));
});

it('have numbers of their own, none left out', () => {
  const numbers = QUIRKS.map(({ id }) => id);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers.filter((id) => id.startsWith('Q'))).toHaveLength(25);
});

describe('mended by mode', () => {
  const both = (files: Readonly<Record<string, string>>) =>
    [true, false].map((conformance) => {
      try {
        return generatePlan(memoryTree(files), { conformance }).plan;
      } catch {
        return undefined;
      }
    });

  it('Q16: a wildcard over library crates', () => {
    const files = {
      'Cargo.toml': '[workspace]\nmembers = ["crates/*"]',
      'crates/a/Cargo.toml': '[package]\nname = "a"',
      'crates/a/src/lib.rs': '',
      'crates/b/Cargo.toml': '[package]\nname = "b"',
      'crates/b/src/main.rs': '',
    };
    const [kept, mended] = both(files);
    expect(kept).toBeUndefined();
    expect(mended?.start?.cmd).toBe('./bin/b');
  });

  it('Q16: an inherited rust-version', () => {
    const [kept, mended] = both({
      'Cargo.toml': '[package]\nname = "a"\nrust-version.workspace = true',
      'src/main.rs': '',
    });
    expect(kept).toBeUndefined();
    expect(mended?.start?.cmd).toBe('./bin/a');
  });

  it('Q16: explicit programs', () => {
    const [kept, mended] = both({
      'Cargo.toml': '[package]\nname = "a"\n[[bin]]\nname = "tool"\npath = "x.rs"',
    });
    expect(kept?.start).toBeUndefined();
    expect(mended?.start?.cmd).toBe('./bin/tool');
  });

  it('Q24: an address in deno.jsonc', () => {
    const [kept, mended] = both({ 'deno.jsonc': '{"tasks":{"start":"x"},"a":"https://x"} // c' });
    expect(kept).toBeUndefined();
    expect(mended?.start?.cmd).toBe('x');
  });
});

it('Q14: a Python version without a dot is one that is not known', () => {
  const { plan } = generatePlan(memoryTree({ 'main.py': '', '.tool-versions': 'python 3' }));
  expect(plan.phases?.['setup']?.nixPkgs?.[0]).toBe('python3');
});

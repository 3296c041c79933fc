import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytes } from '@nx-nixpack/base';
import type { TarEntry } from '../tar/tar-format.js';
import { BUDGET_LIMITS, ImageBudget } from './image-budget.js';
import { LAYER_LIMITS } from './layer-tar.js';

const entry = (more: Partial<TarEntry>): TarEntry => ({
  path: bytes`d/name`,
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: 0,
  mtime: 0,
  ...more,
});

describe('ImageBudget', () => {
  it('counts entries and the directories that they leave out', () => {
    const budget = new ImageBudget({ ...BUDGET_LIMITS, entries: 2, implied: 1 });
    budget.entry(entry({}));
    budget.entry(entry({}));
    expect(() => budget.entry(entry({}))).toThrow('more than 2 entries');
    budget.implied();
    expect(() => budget.implied()).toThrow('more than 1 directories');
  });

  it('counts the text that is kept: names without their directories, targets, attributes', () => {
    const budget = new ImageBudget({ ...BUDGET_LIMITS, text: 11 });
    budget.entry(entry({ target: bytes`12`, xattrs: new Map([['k', Buffer.from('123')]]) }));
    budget.entry(entry({ path: bytes`directories do not count/n` }));
    expect(() => budget.entry(entry({ path: bytes`n` }))).toThrow('too much memory');
  });

  it('counts steps beyond those that each entry may take', () => {
    const budget = new ImageBudget({ ...BUDGET_LIMITS, work: 1 });
    for (let each = 0; each < 10; each++) {
      budget.entry(entry({}));
      for (let step = 0; step < 32; step++) budget.step();
    }
    budget.step();
    expect(() => budget.step()).toThrow('too much work');
  });

  it('is documented as it is', () => {
    const page = join(__dirname, '../../../../docs/engines/embedded.md');
    const rows = [
      ...readFileSync(page, 'utf8').matchAll(/^\| (.+?) +\| ([\d,]+)(?: (MiB|GiB))? +\|$/gm),
    ];
    const unit: Record<string, number> = { MiB: 1024 ** 2, GiB: 1024 ** 3 };
    const numbers = rows.map(
      ([, , text = '', of = '']) => Number(text.replaceAll(',', '')) * (unit[of] ?? 1),
    );
    expect(numbers).toEqual(
      expect.arrayContaining([
        ...Object.values(BUDGET_LIMITS),
        LAYER_LIMITS.bytes,
        LAYER_LIMITS.ratio,
      ]),
    );
  });
});

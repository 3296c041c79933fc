import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES } from './errors.js';

describe('docs/errors.md', () => {
  const page = readFileSync(join(__dirname, '../../../docs/errors.md'), 'utf8');
  const sections = page.split(/^## /m).slice(1);

  it('has one section for each code, in order', () => {
    expect(sections.map((section) => section.split('\n')[0])).toEqual([...ERROR_CODES]);
  });

  it('says in each what it means and what to do', () => {
    for (const section of sections)
      expect(section).toMatch(/^[A-Z_]+\n\n\S[^]*\n\*\*What to do:\*\* \S/);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAMS } from './programs.js';
import { VOLATILE } from '../../pack/volatile.js';

const PAGE = join(__dirname, '../../../../../docs/engines/embedded.md');
const page = readFileSync(PAGE, 'utf8');

describe('docs/engines/embedded.md', () => {
  it('lists what is in no layer, as the code has it', () => {
    const listed = [...page.matchAll(/^- `\/(\S+)`$/gm)].map(([, path]) => path);
    expect(listed).toEqual(VOLATILE);
  });

  it('names every program and its package', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` +\| (\S+) +\|$/gm)].map(([, name, from]) => [
      name,
      from,
    ]);
    expect(Object.fromEntries(rows)).toEqual(PROGRAMS);
  });
});

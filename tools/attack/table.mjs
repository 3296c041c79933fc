import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../root.mjs';

const PAGE = join(root, 'SECURITY.md');
const PLACE = /(<!-- attacks -->\n)[\s\S]*?(<!-- \/attacks -->)/;

/** Puts what each attack came to in each sandbox into SECURITY.md. */
export function writeTable(attacks, results) {
  const head = ['attack', 'a build step …', ...results.map(({ name }) => name)];
  const rows = attacks.map(({ id, what }) => [
    `\`${id}\``,
    what,
    ...results.map(({ verdicts }) => word(verdicts.get(id))),
  ]);
  const totals = results.map(({ verdicts }) => {
    const all = [...verdicts.values()];
    return `${all.filter(({ escaped, broken }) => !escaped && !broken).length} of ${all.length}`;
  });
  const lines = [head, head.map(() => '---'), ...rows, ['**contained**', '', ...totals]];
  const table = lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
  writeFileSync(PAGE, readFileSync(PAGE, 'utf8').replace(PLACE, `$1\n${table}\n$2`));
}

const word = ({ escaped, broken }) =>
  broken ? 'not shown' : escaped ? '**succeeds**' : 'contained';

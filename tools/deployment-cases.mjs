#!/usr/bin/env node
/**
 * Checks a folder of deployment files against what they say of themselves: files below `bad` begin with one line a
 * diagnostic (`# expect LINE:COLUMN CODE`, `*:*` for anywhere), files below `good` have none. Prints `N/M`.
 *
 *   node tools/deployment-cases.mjs [DIR]
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './root.mjs';

const [cases = join(root, 'packages', 'deployment', 'cases')] = process.argv.slice(2);
if (!existsSync(cases)) {
  console.error('usage: node tools/deployment-cases.mjs [DIR] (with the folders bad and good)');
  process.exit(2);
}

const workspace = makeWorkspace();
try {
  const failures = ['bad', 'good'].flatMap((folder) => check(join(cases, folder)));
  const total = ['bad', 'good'].reduce(
    (sum, folder) => sum + readdirSync(join(cases, folder)).length,
    0,
  );
  for (const failure of failures) console.error(failure);
  console.log(`${total - failures.length}/${total}`);
  process.exitCode = failures.length === 0 && total > 0 ? 0 : 1;
} finally {
  rmSync(workspace, { recursive: true, force: true });
}

/** The directories that the cases name. */
function makeWorkspace() {
  const directory = mkdtempSync(join(tmpdir(), 'deployment-cases-'));
  for (const service of ['services/api', 'services/web', 'assets']) {
    mkdirSync(join(directory, service), { recursive: true });
    writeFileSync(join(directory, service, 'package.json'), '{}\n');
  }
  return directory;
}

function check(folder) {
  const tool = join(root, 'tools', 'deployment-check.mjs');
  const { stdout } = spawnSync(
    process.execPath,
    [tool, `--root=${workspace}`, `--files=${folder}`],
    { encoding: 'utf8' },
  );
  const reported = group(stdout);
  return readdirSync(folder).flatMap((name) => {
    const expected = [
      ...readFileSync(join(folder, name), 'utf8').matchAll(/^# expect (\S+) (\S+)$/gm),
    ];
    const actual = reported.get(name) ?? [];
    const same =
      expected.length === actual.length &&
      expected.every(([, place, code], at) => matches(actual[at], place, code));
    return same
      ? []
      : [
          `${name}: expected ${expected.map(([, place, code]) => `${place} ${code}`).join(', ') || 'nothing'}, got ${actual.map(({ place, code }) => `${place} ${code}`).join(', ') || 'nothing'}`,
        ];
  });
}

/** Diagnostics by file name, in the order in which they were printed; one without a hint below it counts as broken. */
function group(output) {
  const found = new Map();
  const lines = output.split('\n');
  lines.forEach((line, at) => {
    const match = /([^/\s]+\.ya?ml):(\d+:\d+) ([A-Z_]+) /.exec(line);
    if (!match) return;
    const [, name, place, code] = match;
    const hint = /^\s+\S/.test(lines[at + 1] ?? '');
    found.set(name, [
      ...(found.get(name) ?? []),
      { place, code: hint ? code : `${code} (without a hint)` },
    ]);
  });
  return found;
}

function matches(actual, place, code) {
  return actual?.code === code && (place === '*:*' || actual.place === place);
}

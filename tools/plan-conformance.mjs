// Compares our planner with recorded answers of nixpacks 1.41.0 (packages/plan/conformance/README.md), or with a folder of them.
// Usage: node tools/plan-conformance.mjs [--cases=DIR] [--only=PROVIDER,PROVIDER]
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './root.mjs';

const require = createRequire(import.meta.url);
const { checkCase, readCase } = require('../packages/testing/dist/index.js');

const SHOWN_DIFFERENCES = 6;

/** Prints every failing case with what differs and answers how many of how many hold. */
function run(directory, only) {
  let total = 0;
  let passed = 0;
  for (const file of caseFiles(directory)) {
    const found = outcome(join(directory, file), only);
    if (found === undefined) continue;
    total += 1;
    if (found.length === 0) passed += 1;
    else console.log([`FAIL ${file}`, ...found.slice(0, SHOWN_DIFFERENCES)].join('\n  '));
  }
  return { passed, total };
}

/** What differs; nothing when the case holds, undefined when it is not asked for. */
function outcome(path, only) {
  try {
    const given = readCase(readFileSync(path, 'utf8'));
    return isWanted(given, only) ? checkCase(given) : undefined;
  } catch (error) {
    return [
      `cannot be checked: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    ];
  }
}

function isWanted(given, only) {
  const providers = given.expectedProviders ?? given.resolved?.providers ?? [];
  return only === undefined || providers.every((name) => only.includes(name));
}

function caseFiles(directory) {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`no such folder: ${directory}`);
  const files = readdirSync(directory)
    .filter((name) => !name.startsWith('.'))
    .sort();
  if (files.length === 0) throw new Error(`no cases in ${directory}`);
  return files;
}

function main() {
  const { values } = parseArgs({
    options: { cases: { type: 'string' }, only: { type: 'string' } },
  });
  const cases = values.cases ?? join(root, 'packages', 'plan', 'conformance', 'cases');
  const { passed, total } = run(cases, values.only?.split(','));
  if (total === 0) throw new Error('no case is left to check');
  console.log(`${passed}/${total}`);
  return passed === total ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

#!/usr/bin/env node
/**
 * Plants one violation of every boundary and expects lint to report it. Lint rules fail silently (no project graph, no
 * resolver, a wrong glob), so a boundary counts as checked only while its canary is caught.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './root.mjs';

/** Folder names that no real source uses; the files are removed whatever happens. */
const PLANTED = 'zz-canary';

const CANARIES = [
  {
    name: 'an upward import',
    rule: '@nx/enforce-module-boundaries',
    files: {
      'packages/oci/src/zz-canary/upward.ts': "export { planImage } from '@nx-nixpack/sdk';\n",
    },
  },
  {
    name: 'a sideways import',
    rule: '@nx/enforce-module-boundaries',
    files: {
      'packages/oci/src/zz-canary/sideways.ts':
        "export { generatePlan } from '@nx-nixpack/plan';\n",
    },
  },
  {
    name: 'the data formats importing a domain',
    rule: '@nx/enforce-module-boundaries',
    files: {
      'packages/data/src/zz-canary/upward.ts': "export { generatePlan } from '@nx-nixpack/plan';\n",
    },
  },
  {
    name: 'an import cycle',
    rule: 'import-x/no-cycle',
    files: {
      'packages/base/src/zz-canary/one.ts':
        "import { two } from './two.js';\nexport const one = (): number => two();\n",
      'packages/base/src/zz-canary/two.ts':
        "import { one } from './one.js';\nexport const two = (): number => one();\n",
    },
  },
  {
    name: 'a deep import past exports',
    rule: 'no-restricted-imports',
    files: {
      'packages/engine/src/zz-canary/deep.ts':
        "export { digestOf } from '@nx-nixpack/oci/src/digest.js';\n",
    },
  },
  {
    name: 'a process outside sdk/src/system',
    rule: 'no-restricted-imports',
    files: {
      'packages/engine/src/zz-canary/process.ts': "export { spawn } from 'node:child_process';\n",
    },
  },
  {
    name: 'the file system in plan',
    rule: 'no-restricted-imports',
    files: { 'packages/plan/src/zz-canary/files.ts': "export { readFileSync } from 'node:fs';\n" },
  },
  {
    name: 'the file system in data',
    rule: 'no-restricted-imports',
    files: { 'packages/data/src/zz-canary/files.ts': "export { readFileSync } from 'node:fs';\n" },
  },
  {
    name: 'a host shell',
    rule: 'no-restricted-syntax',
    files: {
      'packages/sdk/src/system/zz-canary/shell.ts': 'export const options = { shell: true };\n',
    },
  },
  {
    name: 'a message in lower case',
    rule: 'house/problem-text',
    files: {
      'packages/oci/src/zz-canary/message.ts':
        "export const problem = { message: 'nothing is there', hint: 'Look again.' };\n",
    },
  },
  {
    name: 'a message in lower case that is handed to who makes the problem',
    rule: 'house/problem-text',
    files: {
      'packages/oci/src/zz-canary/maker.ts':
        "const rejected = (message: string) => message;\nexport const problem = rejected('nothing is there');\n",
    },
  },
  {
    name: 'a hint without a full stop',
    rule: 'house/problem-text',
    files: {
      'packages/oci/src/zz-canary/hint.ts':
        "export const problem = { message: 'Nothing is there', hint: 'Look again' };\n",
    },
  },
];

/** What checks of our own report: each with the program that runs it. */
const OTHER_CANARIES = [
  {
    name: 'a cycle of type imports',
    program: ['tools/house.mjs', '--cycles'],
    files: {
      'packages/base/src/zz-canary/left.ts':
        "import type { Right } from './right.js';\nexport type Left = Right | undefined;\n",
      'packages/base/src/zz-canary/right.ts':
        "import type { Left } from './left.js';\nexport type Right = { left: Left };\n",
    },
  },
  {
    name: 'a British word',
    program: ['tools/words/check.mjs', 'packages/base/src/zz-canary/word.ts'],
    files: { 'packages/base/src/zz-canary/word.ts': `export const ${'li' + 'cence'} = 1;\n` },
  },
];

const allFiles = [...CANARIES, ...OTHER_CANARIES].flatMap(({ files }) => Object.keys(files));
let missed = [];
try {
  for (const { files } of [...CANARIES, ...OTHER_CANARIES])
    for (const [path, text] of Object.entries(files)) plant(path, text);
  missed = [...missedBy(lint(allFiles)), ...OTHER_CANARIES.filter((canary) => !isReported(canary))];
} finally {
  for (const path of allFiles) rmSync(join(root, dirname(path)), { recursive: true, force: true });
}
for (const { name, rule, program } of missed)
  console.error(`${rule ?? program[0]} did not report ${name}`);
console.log(
  `${CANARIES.length + OTHER_CANARIES.length - missed.length} passed, ${missed.length} failed`,
);
process.exitCode = missed.length === 0 ? 0 : 1;

function plant(path, text) {
  if (!path.includes(`/${PLANTED}/`)) throw new Error(`a canary outside its folder: ${path}`);
  mkdirSync(join(root, dirname(path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** The rules that each file broke. */
function lint(files) {
  const eslint = join(root, 'node_modules', 'eslint', 'bin', 'eslint.js');
  const result = spawnSync(process.execPath, [eslint, '--format', 'json', ...files], {
    cwd: root,
    maxBuffer: 1 << 26,
  });
  if (result.status === null || result.status > 1)
    throw new Error(`eslint failed:\n${result.stderr}${result.stdout}`);
  const reports = JSON.parse(result.stdout);
  return new Map(
    reports.map(({ filePath, messages }) => [filePath, messages.map(({ ruleId }) => ruleId)]),
  );
}

/** Whether the program fails and names the first file that was planted. */
function isReported({ program, files }) {
  const { status, stderr } = spawnSync(process.execPath, program, { cwd: root, encoding: 'utf8' });
  return status === 1 && stderr.includes(Object.keys(files)[0]);
}

function missedBy(reported) {
  return CANARIES.filter(({ rule, files }) => {
    const rules = Object.keys(files).flatMap((path) => reported.get(join(root, path)) ?? []);
    return !rules.includes(rule);
  });
}

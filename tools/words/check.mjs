#!/usr/bin/env node
/** Checks spelling and citations of all files in git, or of the files that are named. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../root.mjs';
import { wrongWords } from './rules.mjs';

/** Made by programs, or written by others. */
const FOREIGN =
  /(^|\/)(package-lock\.json|LICENSE|generated\/|fixtures?\/|cases\/|.*\.golden\.json$)|^packages\/plan\/examples\/|\/assets\/|^tools\/words\//;
const TEXT = /\.(c?ts|[cm]?js|json|md|ya?ml|sh)$/;

const named = process.argv.slice(2);
const files =
  named.length > 0
    ? named
    : execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n');
let wrong = 0;
for (const file of files.filter((path) => TEXT.test(path) && !FOREIGN.test(path))) {
  if (!existsSync(join(root, file))) continue;
  for (const { line, message } of wrongWords(readFileSync(join(root, file), 'utf8'))) {
    console.error(`${file}:${line} ${message}`);
    wrong += 1;
  }
}
if (wrong > 0) console.error(`\n${wrong} words to change`);
process.exitCode = wrong > 0 ? 1 : 0;

import { UserError } from '@nx-nixpack/base';

import type { BuildPlan } from '../plan/build-plan.js';
import { setting } from '../languages/environment.js';
import { parsePlan } from '../plan/plan-reader.js';
import type { Environment } from '../languages/provider.js';
import type { SourceTree } from '../source/source-tree.js';

const DEFAULT_FILES = ['nixpacks.toml', 'nixpacks.json'] as const;

/** The configuration file that applies, relative to the source; undefined for none. */
export function configFileName(
  source: SourceTree,
  env: Environment,
  option: string | undefined,
): string | undefined {
  if (option !== undefined) return option;
  const named = setting(env, 'CONFIG_FILE');
  if (named !== undefined && !source.has(named))
    throw missing(`Config file ${named} does not exist`, named);
  return named ?? DEFAULT_FILES.find((file) => source.has(file));
}

/** The partial plan in that file. */
export function readConfigFile(source: SourceTree, file: string): BuildPlan {
  const format = /\.([^./]*)$/.exec(file)?.[1];
  if (format !== 'toml' && format !== 'json') {
    throw new UserError({
      code: 'PLAN_INVALID',
      message: `Unknown file type: ${file}`,
      hint: 'Give the file the extension .toml or .json.',
      at: { file, line: 1, column: 1 },
    });
  }
  const text = source.read(file);
  if (text === undefined) throw missing(`Config file ${file} does not exist`, file);
  return parsePlan(text, format, file);
}

const missing = (message: string, file: string): UserError =>
  new UserError({
    code: 'PLAN_INVALID',
    message,
    hint: 'Create the file, or correct its name; it is relative to the source.',
    at: { file, line: 1, column: 1 },
  });

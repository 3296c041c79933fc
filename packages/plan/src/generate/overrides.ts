import { UserError } from '@nx-nixpack/base';
import { positionAt } from '@nx-nixpack/data';

import type { BuildPlan } from '../plan/build-plan.js';
import { configFileName, readConfigFile } from './config-file.js';
import { environmentPlan } from './environment-plan.js';
import { mergeAll } from '../plan/merge.js';
import type { Environment } from '../languages/provider.js';
import type { SourceTree } from '../source/source-tree.js';

/** What is merged over the providers' plans, from weak to strong: configuration file, environment, caller. */
export interface Overrides {
  readonly plan: BuildPlan;
  readonly configFile: string | undefined;
}

export function readOverrides(
  source: SourceTree,
  env: Environment,
  options: { readonly configFile?: string; readonly plan?: BuildPlan },
): Overrides {
  const configFile = configFileName(source, env, options.configFile);
  const file = configFile === undefined ? {} : readConfigFile(source, configFile);
  return { plan: mergeAll([file, environmentPlan(env), options.plan ?? {}]), configFile };
}

/** The error for a provider that does not exist, at the place where the configuration file names it. */
export function unknownProvider(
  name: string,
  { configFile }: Overrides,
  source: SourceTree,
): UserError {
  const text = configFile === undefined ? undefined : source.read(configFile);
  const offset = text?.indexOf(name) ?? -1;
  const file = configFile ?? 'providers';
  return new UserError({
    code: 'PLAN_PROVIDER_UNKNOWN',
    message: `Provider ${name} not found`,
    hint: 'Write the name as docs/languages spells it, e.g. "node" or "c#".',
    at: offset < 0 ? { file, line: 1, column: 1 } : positionAt(file, text ?? '', offset),
  });
}

import {
  count,
  documented,
  flag,
  list,
  oneOf,
  optional,
  pattern,
  struct,
  text,
  withDefault,
  type DefaultShape,
  type Infer,
} from '@nx-nixpack/data';
import { DEFAULT_TOOLCHAIN, TOOLCHAIN_NAMES } from '@nx-nixpack/deployment';
import { TASKS } from '../tasks/tasks.js';

const nonEmpty = text({ grammar: pattern(/./, 4096, 'Write a text that is not empty.') });

/** A line of the table below: what holds without the option, and what the docs say of it. */
const named = (fallback: string, doc: string): DefaultShape<string> =>
  withDefault(documented(doc, nonEmpty), fallback);

type TargetNameOption = (typeof TASKS)[number]['option'];

const targetNames = Object.fromEntries(
  TASKS.map(({ name, option }) => [
    option,
    named(name, `Name of the inferred \`${name}\` targets.`),
  ]),
) as Record<TargetNameOption, DefaultShape<string>>;

/** Options of the plugin's entry in nx.json. A new one is a line here. */
export const OPTIONS = {
  deployments: named(
    'deployments/**/*.{yaml,yml}',
    'Glob of the deployment files, relative to the workspace root.',
  ),
  ...targetNames,
  projectNames: withDefault(
    documented(
      'How a project is named whose directory has no package.json or project.json of its own.',
      oneOf('component', 'deployment-component'),
    ),
    'component',
  ),
  toolchain: withDefault(
    documented(
      'Who brings the tools of components that do not say: `debian` takes them from Debian and the registries of the languages, `base` from the build image. `nix` is not built yet; init writes `debian`.',
      oneOf(...TOOLCHAIN_NAMES),
    ),
    DEFAULT_TOOLCHAIN,
  ),
  allowedEnv: withDefault(
    documented('Environment variables that templates may read as `env.<NAME>`.', list(nonEmpty)),
    [],
  ),
  maxDeploymentValues: withDefault(
    documented(
      'Keys and values that one deployment file may have; reading takes about 1 kB a value.',
      count,
    ),
    250_000,
  ),
  hostNetwork: withDefault(
    documented(
      'Whether builds use the proxies, mirrors and certificates of this machine; `none` cuts them off.',
      oneOf('inherit', 'none'),
    ),
    'inherit',
  ),
  requireSignedResults: withDefault(
    documented(
      'Refuse results that were not signed with the key of this machine; `NX_NIXPACK_REQUIRE_SIGNED_RESULTS=true` does the same.',
      flag,
    ),
    false,
  ),
  store: optional(
    documented(
      'Folder of the store of all tasks, absolute or relative to the workspace root. `NX_NIXPACK_STORE` goes before it; without both it lies in the cache directory of the user.',
      nonEmpty,
    ),
  ),
};

export const OPTIONS_SHAPE = struct(OPTIONS);
export type ResolvedOptions = Infer<typeof OPTIONS_SHAPE>;
export type PluginOptions = Partial<ResolvedOptions>;

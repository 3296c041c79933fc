import { compareText, quoteWord } from '@nx-nixpack/base';
import { phaseOrder, type BuildPlan } from '@nx-nixpack/plan';
import type { BaseFacts, LowerSettings } from './settings.js';

export type Variables = Readonly<Record<string, string>>;

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** Held constant so that two runs of a step agree; a plan may set other ones. */
const STEADY: Variables = { LANG: 'C.UTF-8', TZ: 'UTC' };

/** `NAME=VALUE` entries of an image configuration, in their order. */
function variablesOf(base: BaseFacts): Map<string, string> {
  const entries = (base.config.Env ?? []).map((entry): [string, string] => {
    const end = entry.indexOf('=');
    return end < 0 ? [entry, ''] : [entry.slice(0, end), entry.slice(end + 1)];
  });
  return new Map(entries);
}

/** The image's variables: the base's, the plan's without those of the build alone, the declared ones, PATH. */
export function imageEnvironment(
  plan: BuildPlan,
  settings: LowerSettings,
  base: BaseFacts,
): Map<string, string> {
  const hidden = new Set([
    ...Object.keys(settings.buildEnv),
    ...settings.secrets.map(({ name }) => name),
  ]);
  const shown = Object.entries(plan.variables ?? {}).filter(([name]) => !hidden.has(name));
  return combine(plan, base, Object.fromEntries(shown), settings.env);
}

/** The variables of a phase's commands, those of the build and its steady surroundings included. */
export function buildEnvironment(
  plan: BuildPlan,
  settings: LowerSettings,
  base: BaseFacts,
): Variables {
  const declared = combine(plan, base, plan.variables ?? {}, settings.buildEnv, settings.env);
  const epoch = { SOURCE_DATE_EPOCH: String(settings.created) };
  const all = { ...STEADY, ...epoch, ...Object.fromEntries(declared) };
  return { ...all, HOME: '/root', USER: 'root' };
}

/** Lines for /etc/profile.d: a login shell's own /etc/profile resets PATH for every user. */
export const profileScript = (path: string): string =>
  `# Keeps the PATH of the image in login shells.\nPATH=${quoteWord(path, true)}\nexport PATH\n`;

function combine(plan: BuildPlan, base: BaseFacts, ...layers: readonly Variables[]) {
  const result = variablesOf(base);
  for (const layer of layers)
    for (const name of Object.keys(layer).sort(compareText))
      result.set(name, layer[name] as string);
  result.set('PATH', [...planPaths(plan), result.get('PATH') ?? DEFAULT_PATH].join(':'));
  return result;
}

/** The paths of a later phase come first, as nixpacks' growing profile has it. */
function planPaths(plan: BuildPlan): string[] {
  const paths = [...phaseOrder(plan)].reverse().flatMap((name) => plan.phases?.[name]?.paths ?? []);
  return [...new Set(paths)];
}

import { readsManifestsOnly } from './known-install.js';
import type { NamedProvided } from './assemble-plan.js';
import type { BuildPlan, Hints } from '../plan/build-plan.js';
import type { Leftover } from '../leftovers/leftover.js';
import { withoutUndefined } from '../plan/plan-reader.js';

type ListedHint =
  'setupCommands' | 'outputs' | 'buildPackages' | 'writable' | 'dependencyDirectories';

/**
 * The hints of one plan: those of all its providers together. `installInputs` survives only while it is certain,
 * that is, one provider and its own install commands.
 */
export function combineHints(
  asked: readonly NamedProvided[],
  plan: BuildPlan,
  leftover: Leftover | undefined,
  declared: readonly string[],
): Hints {
  const all = asked.flatMap(({ provided }) => provided?.hints ?? []);
  const together = (key: ListedHint) => unique(all.flatMap((hints) => hints[key] ?? []));
  const install = installInputs(asked, plan, declared);
  return withoutUndefined<Hints>({
    installInputs: install.inputs,
    installFiles: install.inputs !== undefined && declared.length > 0 ? declared : undefined,
    installInputsReason: install.reason,
    setupCommands: together('setupCommands'),
    outputs: together('outputs'),
    buildPackages: together('buildPackages'),
    writable: together('writable'),
    ports: all[0]?.ports,
    dropDevDependencies: leftover && 'command' in leftover ? leftover.command : undefined,
    keepDevDependencies: leftover && 'kept' in leftover ? leftover.kept : undefined,
    dependencyDirectories: together('dependencyDirectories'),
    runtimes: runtimes(all),
  });
}

/** The first provider that names a runtime knows it best. */
function runtimes(all: readonly Hints[]): Hints['runtimes'] {
  const named = all.flatMap((hints) => hints.runtimes ?? []);
  const first = new Map(named.reverse().map((wish) => [wish.name, wish]));
  return first.size === 0 ? undefined : [...first.values()].reverse();
}

interface InstallInputs {
  readonly inputs?: readonly string[] | undefined;
  readonly reason?: string | undefined;
}

function installInputs(
  asked: readonly NamedProvided[],
  plan: BuildPlan,
  declared: readonly string[],
): InstallInputs {
  const install = plan.phases?.['install'];
  if (declared.length > 0 && install?.cmds?.length) return { inputs: declared };
  const [only, ...others] = asked;
  const provided = only?.provided;
  if (provided === undefined) return {};
  if (others.length > 0) return { reason: 'several providers install together' };
  const { installInputs: inputs, installInputsReason: reason } = provided.hints ?? {};
  if (inputs === undefined) return { reason };
  const own = JSON.stringify(provided.plan.phases?.['install']?.cmds);
  if (JSON.stringify(install?.cmds) !== own && !readsManifestsOnly(install?.cmds ?? []))
    return {
      reason: 'the install command was replaced, and install_files does not say what it reads',
    };
  const before = install?.dependsOn ?? [];
  const foreign = before.find(
    (name) => plan.phases?.[name] !== undefined && provided.plan.phases?.[name] === undefined,
  );
  if (foreign !== undefined) return { reason: `the phase ${foreign} runs before it` };
  return { inputs };
}

const unique = (values: readonly string[]): readonly string[] | undefined =>
  values.length === 0 ? undefined : [...new Set(values)];

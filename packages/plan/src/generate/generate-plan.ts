import { assemblePlan } from './assemble-plan.js';
import type { BuildPlan, Hints } from '../plan/build-plan.js';
import { detect, detectedNames } from './detection.js';
import { parseEnvironment } from '../languages/environment.js';
import { ADAPTATIONS } from '../adaptations/index.js';
import { amended, type Amendments, type Answer, type Asked } from '../amendments/amend.js';
import { explain } from './explain.js';
import { EXTENSIONS } from '../extensions/index.js';
import { isHerokuPhp } from '../extensions/php.js';
import type { Detection, Explanation } from '../plan/explanation.js';
import { combineHints } from './hints.js';
import { leftovers } from '../leftovers/index.js';
import { expandMarkers, mergeAll, withoutMarkers } from '../plan/merge.js';
import { behindNode } from './second-language.js';
import { readOverrides, unknownProvider } from './overrides.js';
import { procfilePlan } from './procfile.js';
import type { Arch, Environment, PlanContext, Provider } from '../languages/provider.js';
import { PROVIDERS } from '../languages/index.js';
import { isGlob } from '../source/glob.js';
import type { SourceTree } from '../source/source-tree.js';

export interface PlanOptions {
  /** NAME=VALUE pairs; bare names are resolved by the caller. */
  readonly env?: readonly string[];
  /** Configuration file relative to the source, instead of nixpacks.toml or nixpacks.json. */
  readonly configFile?: string;
  /** The caller's own (partial) plan, strongest of all. */
  readonly plan?: BuildPlan;
  /** The languages to choose from, in the order in which they are asked. Default: all that there are. */
  readonly languages?: readonly Provider[];
  /** Default x86_64. */
  readonly arch?: Arch;
  /** Answer as nixpacks 1.41.0 does, even where it is plainly wrong. Default false. */
  readonly conformance?: boolean;
  /** Files, directories and globs of the source that the install reads, when the user says so. */
  readonly installFiles?: readonly string[];
  /** Complete nixpacks' answers where it finds none that would run. Default true, except for conformance. */
  readonly extensions?: boolean;
  /** What brings the programs that the plan names: `nix`, `base`, `debian`. What a plan says for Nix' sake is undone for the others. Default nix. */
  readonly toolchain?: string;
}

export interface GeneratedPlan {
  readonly plan: BuildPlan;
  readonly hints: Hints;
  /** The providers whose plans were merged, first one first. */
  readonly providers: readonly string[];
  /** Set when the source's only directory was planned instead of the source. */
  readonly subdirectory?: string;
  readonly explanation: Explanation;
}

/**
 * Looks at a source and says how to build and start it, as nixpacks 1.41.0 would.
 * Pure: same tree and options, same plan. Throws UserError for what the author of the source can correct.
 */
export function generatePlan(source: SourceTree, options: PlanOptions = {}): GeneratedPlan {
  const generated = planHere(source, parseEnvironment(options.env ?? []), options);
  const child = onlyDirectory(source);
  if (child === undefined || Object.keys(generated.plan.phases ?? {}).length > 0) return generated;
  const below = generatePlan(source.subtree(child), options);
  const subdirectory = below.subdirectory === undefined ? child : `${child}/${below.subdirectory}`;
  return { ...below, subdirectory };
}

function planHere(source: SourceTree, env: Environment, options: PlanOptions): GeneratedPlan {
  const overrides = readOverrides(source, env, options);
  const steering: Environment = new Map([
    ...env,
    ...Object.entries(overrides.plan.variables ?? {}),
  ]);
  const { languages = PROVIDERS } = options;
  const detection = detect(languages, source, steering);
  const over = [procfile(source, options) ?? [], overrides.plan].flat();
  const ask = asking(options, { source, env: steering, over: mergeAll(over) });
  const first = chosenNames(detection, overrides.plan).map((name) => {
    const provider = languages.find((each) => each.name === name);
    if (provider === undefined) throw unknownProvider(name, overrides, source);
    return { name, provided: ask(provider) };
  });
  const isOpen = hasExtensions(options) && overrides.plan.providers === undefined;
  const startsNothing = isOpen && over.every(({ start }) => start?.cmd === undefined);
  const [only] = first;
  const provided =
    (startsNothing && only && behindNode(only, languages, source, steering, ask)) || first;
  const plan = assemblePlan(provided, over, steering);
  const providers = provided.map((each) => each.name);
  return {
    plan,
    hints: combineHints(
      provided,
      plan,
      leftovers(providers, { source, env: steering, plan }),
      declaredFiles(source, options.installFiles ?? []),
    ),
    providers,
    explanation: explain(detection, provided, plan),
  };
}

/** Asks a provider and corrects its answer as the options say. */
function asking(options: PlanOptions, asked: Omit<Asked, 'context'>) {
  const { arch = 'x86_64', conformance = false, toolchain = 'nix' } = options;
  const extensions = hasExtensions(options);
  const context: PlanContext = { arch, conformance, extensions, toolchain };
  const amendments: readonly Amendments[] = [
    ...(extensions ? [{ kind: 'extension', list: EXTENSIONS }] : []),
    ...(toolchain === 'nix' ? [] : [{ kind: 'adaptation', list: ADAPTATIONS }]),
  ];
  return (provider: Provider): Answer | undefined => {
    const provided = provider.plan(asked.source, asked.env, context);
    return provided && amended(provider.name, provided, amendments, { ...asked, context });
  };
}

/** A program that Heroku alone has starts nowhere else; without it the language's own answer stands. */
function procfile(source: SourceTree, options: PlanOptions): BuildPlan | undefined {
  const plan = procfilePlan(source);
  if (!hasExtensions(options) || !isHerokuPhp(plan?.start?.cmd ?? '')) return plan;
  const { start: _start, ...others } = plan ?? {};
  return others;
}

const hasExtensions = ({ extensions, conformance = false }: PlanOptions): boolean =>
  extensions ?? !conformance;

function chosenNames(detection: readonly Detection[], over: BuildPlan): readonly string[] {
  return withoutMarkers(expandMarkers(detectedNames(detection), over.providers ?? ['...']) ?? []);
}

/** What is there of what the user names; a glob stands for the files that it matches. */
const declaredFiles = (source: SourceTree, names: readonly string[]): readonly string[] => [
  ...new Set(
    names.flatMap((name) =>
      source.has(name) || source.isDirectory(name)
        ? [name]
        : isGlob(name)
          ? source.files(name)
          : [],
    ),
  ),
];

/** The source's only immediate directory; hidden ones count (quirk Q23). */
function onlyDirectory(source: SourceTree): string | undefined {
  const directories = source.children.filter((name) => source.isDirectory(name));
  return directories.length === 1 ? directories[0] : undefined;
}

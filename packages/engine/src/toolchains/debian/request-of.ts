import { UserError, type Position } from '@nx-nixpack/base';
import type { BuildPlan, Hints, RuntimeWish } from '@nx-nixpack/plan';
import { aptPackages, nixPackages } from '../../recipe/packages.js';
import type { LowerSettings } from '../../recipe/settings.js';
import { RUNTIMES } from '../runtimes/index.js';
import { buildTools, setupTools } from './build-tools.js';
import { nixPackage } from './nix-packages.js';
import type { ProvisionRequest } from './request.js';

type PlaceOf = (name: string) => Position | undefined;

interface Wanted {
  readonly plan: BuildPlan;
  readonly hints: Hints;
  readonly settings: LowerSettings;
}

/**
 * What `toolchain: debian` has to bring for a plan: runtimes for the Nix packages that mean one, Debian's packages for the
 * others, and what builds take for granted. Throws UserError TOOLCHAIN_UNAVAILABLE, all at once, for names that mean nothing here.
 */
export function requestOf(
  { plan, hints, settings }: Wanted,
  placeOf: PlaceOf = () => undefined,
): ProvisionRequest {
  const names = nixPackages(plan);
  const runtimes = runtimesOf(names, hints);
  const others = names.filter((name) => RUNTIMES.every(({ wanted }) => wanted(name) === undefined));
  const packages = others.map((name) => ({ name, found: nixPackage(name) }));
  const unknown = packages.filter(({ found }) => found === undefined);
  refuseUnknown(
    unknown.map(({ name }) => name),
    placeOf,
  );
  const both = packages.flatMap(({ found }) => (found ? [found] : []));
  const apt = aptPackages(plan);
  const late = new Set(hints.buildPackages);
  const run = [
    ...both.flatMap((one) => one.run),
    ...apt.filter((name) => !late.has(name)),
    ...setupTools(plan, hints),
  ];
  const build = [
    ...both.flatMap((one) => one.build),
    ...apt.filter((name) => late.has(name)),
    ...buildTools(plan, runtimes, settings.keepBuildTools),
  ];
  return { base: true, runtimes, packages: { run: unique(run), build: unique(build, run) } };
}

/** The source's own words come before what the plan made of them. */
function runtimesOf(names: readonly string[], { runtimes: asked = [] }: Hints): RuntimeWish[] {
  const found = new Map<string, RuntimeWish>();
  for (const name of names)
    for (const runtime of RUNTIMES) {
      const version = runtime.wanted(name);
      if (version === undefined) continue;
      const known = found.get(runtime.name)?.version;
      const said = known ?? (version === '' ? undefined : version);
      found.set(runtime.name, { name: runtime.name, ...(said && { version: said }) });
    }
  for (const wish of asked) found.set(wish.name, { ...found.get(wish.name), ...wish });
  return RUNTIMES.flatMap(({ name }) => found.get(name) ?? []);
}

function refuseUnknown(names: readonly string[], placeOf: PlaceOf): void {
  if (names.length === 0) return;
  throw UserError.of(
    names.map((name) => ({
      code: 'TOOLCHAIN_UNAVAILABLE' as const,
      message: `Nothing that toolchain: debian knows is the Nix package ${JSON.stringify(name)}`,
      hint: 'Leave it out of pkgs or libs and name the Debian package that has the program under apt_pkgs.',
      at: placeOf(name),
    })),
  );
}

const unique = (names: readonly string[], without: readonly string[] = []): string[] => [
  ...new Set(names.filter((name) => !without.includes(name))),
];

import type { Archive } from '../archive.js';
import { shown, unavailable } from '../failures.js';
import { archiveOf, type DebianRelease } from './open-release.js';
import { statusPackages, type DebianPackage } from './packages-file.js';
import { installationOrder } from './installation-order.js';
import { Selection } from './selection.js';

export interface ResolveOptions {
  /** What is installed before: it satisfies dependencies and is not in the result. */
  readonly installed?: readonly Archive[];
  /** The same of a base that somebody else made, as its dpkg has it (`reducedStatus`): what needs a newer version of it gets that. */
  readonly status?: string;
}

/**
 * The packages that a list of names needs, itself included, as `apt-get install --no-install-recommends` chooses them, in
 * an order in which dpkg can install them. Names are those of apt: `name`, `name=version`, `name:architecture`. Throws
 * UserError TOOLCHAIN_UNAVAILABLE for what the release does not have.
 */
export function resolveDebian(
  release: DebianRelease,
  names: readonly string[],
  { installed = [], status = '' }: ResolveOptions = {},
): readonly Archive[] {
  const before = installed.map((archive) => installedPackage(release, archive));
  const theirs = statusPackages(status).filter((one) => release.runs(one));
  const selection = new Selection(release, before, theirs);
  const missing = names.filter((name) => !theirs.some((one) => one.name === name));
  for (const wanted of missing.map((name) => wantedPackage(release, name))) selection.want(wanted);
  const chosen = selection.close();
  return installationOrder(chosen, selection).map(archiveOf);
}

function installedPackage(release: DebianRelease, { name, version, id }: Archive): DebianPackage {
  const found = release.packages(name).find((one) => one.version === version);
  if (found !== undefined) return found;
  throw unavailable(
    `Debian ${release.codename} does not have ${id} any more, which the base has`,
    'Move the lock to what there is with nx g nx-nixpack:lock --update.',
  );
}

const WANTED = /^([^:=]+)(?::([^=]+))?(?:=(.+))?$/;

/** What a user's name means: a package, or the only one that provides it. */
function wantedPackage(release: DebianRelease, text: string): DebianPackage {
  const [, name = text, architecture, version] = WANTED.exec(text) ?? [];
  refuseForeign(release, text, architecture);
  const all = release.packages(name);
  const found = version === undefined ? all[0] : all.find((one) => one.version === version);
  if (found !== undefined) return found;
  if (all.length > 0) throw noSuchVersion(release, text, all);
  const providers = release.providers(name);
  const [only] = providers;
  if (only === undefined) throw release.unknown(name);
  if (providers.length === 1) return only;
  throw unavailable(
    `${shown(name)} is provided by several packages of Debian ${release.codename}`,
    `Name one of them: ${providers
      .slice(0, 10)
      .map((one) => one.name)
      .join(', ')}.`,
  );
}

function refuseForeign(release: DebianRelease, text: string, architecture?: string): void {
  if (architecture === undefined) return;
  if ([release.architecture, 'any', 'native', 'all'].includes(architecture)) return;
  throw unavailable(
    `${shown(text)} is of another architecture than the image, ${release.architecture}`,
    'Leave the architecture out.',
  );
}

const noSuchVersion = (
  release: DebianRelease,
  text: string,
  all: readonly DebianPackage[],
): Error =>
  unavailable(
    `Debian ${release.codename} does not have ${shown(text)}`,
    `Ask for one of the versions that it has: ${all.map(({ version }) => version).join(', ')}.`,
  );

import { createHash } from 'node:crypto';
import { compareText, nearest } from '@nx-nixpack/base';
import type { Platform } from '@nx-nixpack/data';
import type { Archive } from '../archive.js';
import type { ChannelAccess } from '../channel.js';
import { shown, unavailable } from '../failures.js';
import { integrityOfHex } from '../integrity.js';
import { compareDebian } from './compare-versions.js';
import { openSuite, suitePackages, type SuiteFiles } from './open-suite.js';
import type { DebianPackage, PackagesFile } from './packages-file.js';

interface Described {
  readonly codename: string;
  readonly architecture: string;
  readonly withheld?: readonly string[];
}

/** The packages of one Debian release for one architecture: the release itself, its updates and its security updates. */
export class DebianRelease {
  readonly codename: string;
  readonly architecture: string;
  /** Suites of its security updates that no mirror serves, though every release that is looked at has them. */
  readonly withheld: readonly string[];
  readonly #files: readonly PackagesFile[];
  readonly #candidates = new Map<string, readonly DebianPackage[]>();

  constructor(
    { codename, architecture, withheld = [] }: Described,
    files: readonly PackagesFile[],
  ) {
    this.codename = codename;
    this.architecture = architecture;
    this.withheld = withheld;
    this.#files = files;
  }

  /** All versions of a package, newest first, each once. */
  packages(name: string): readonly DebianPackage[] {
    const known = this.#candidates.get(name);
    if (known !== undefined) return known;
    const all = this.#files.flatMap((file) => file.packages(name));
    const mine = all.filter((one) => this.runs(one));
    // Several suites have the same package, the same file.
    const once = [...new Map(mine.reverse().map((one) => [one.version, one])).values()];
    const sorted = once.sort((a, b) => compareDebian(b.version, a.version));
    this.#candidates.set(name, sorted);
    return sorted;
  }

  /** The version that apt would install, the newest. */
  candidate(name: string): DebianPackage | undefined {
    return this.packages(name)[0];
  }

  /** Packages whose newest version provides a name, each once. */
  providers(name: string): readonly DebianPackage[] {
    const names = this.#files.flatMap((file) => file.providers(name).map((one) => one.name));
    return [...new Set(names)].flatMap((one) => {
      const candidate = this.candidate(one);
      return candidate?.provides.some((provided) => provided.name === name) ? candidate : [];
    });
  }

  /** Packages without which no system is one, in the order of their names. */
  essential(): readonly DebianPackage[] {
    const names = this.#files.flatMap((file) => file.essential().map(({ name }) => name));
    const own = [...new Set(names)].sort(compareText).flatMap((name) => this.candidate(name) ?? []);
    return own.filter(({ essential }) => essential);
  }

  /** An error that names what is spelled like it. */
  unknown(name: string): Error {
    const near = this.#files.flatMap((file) => nearestIn(name, file.names));
    const alike = [...new Set(near)].slice(0, 3).join(' or ');
    return unavailable(
      `Debian ${this.codename} has no package ${shown(name)} for ${this.architecture}`,
      alike === '' ? 'Look its name up at Debian.' : `Did you mean ${alike}?`,
    );
  }

  /** Whether a package is of the release's architecture, or of all. */
  runs({ architecture }: Pick<DebianPackage, 'architecture'>): boolean {
    return architecture === this.architecture || architecture === 'all';
  }
}

/** Names of the same first letter: a suggestion must not cost time. */
function nearestIn(name: string, names: Iterable<string>): readonly string[] {
  const alike: string[] = [];
  for (const one of names)
    if (one[0] === name[0] && Math.abs(one.length - name.length) <= 3) alike.push(one);
  return nearest(name, alike);
}

/** What of a release was looked at before its packages are read. */
export interface FoundRelease {
  readonly codename: string;
  /** Equal for equal packages: a hash of the signed descriptions. */
  readonly digest: string;
  /** Reads the packages. */
  open(): Promise<DebianRelease>;
}

/** A release of Debian; undefined when no mirror has it. Throws UserError when it cannot be trusted or reached. */
export async function findRelease(
  codename: string,
  platform: Platform,
  access: ChannelAccess,
): Promise<FoundRelease | undefined> {
  const security = `${codename}-security`;
  const [main, ...others] = await Promise.all(
    [codename, `${codename}-updates`, security].map((name) => openSuite(name, access)),
  );
  if (main === undefined) return undefined;
  const withheld = suites(others).some(({ name }) => name === security) ? [] : [security];
  const found = suites([main, ...others]);
  const architecture = debianArchitecture(platform);
  return { codename, digest: digestOf(found), open };

  async function open(): Promise<DebianRelease> {
    const files = await Promise.all(
      found.map((suite) => suitePackages(suite, architecture, access)),
    );
    return new DebianRelease({ codename, architecture, withheld }, files);
  }
}

const suites = (found: readonly (SuiteFiles | undefined)[]): readonly SuiteFiles[] =>
  found.filter((suite) => suite !== undefined);

function digestOf(found: readonly SuiteFiles[]): string {
  const hash = createHash('sha256');
  for (const { inRelease } of found) hash.update(createHash('sha256').update(inRelease).digest());
  return hash.digest('hex');
}

export const debianArchitecture = (platform: Platform): string =>
  platform === 'linux/arm64' ? 'arm64' : 'amd64';

/** The file of a package. */
export function archiveOf({
  name,
  version,
  architecture,
  path,
  size,
  sha256,
}: DebianPackage): Archive {
  const integrity = integrityOfHex('sha256', sha256) ?? '';
  const id = `debian:${name}@${version}:${architecture}`;
  return { id, channel: 'debian', name, version, integrity, size, path };
}

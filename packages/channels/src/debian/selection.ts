import { quote } from '@nx-nixpack/base';
import { unavailable } from '../failures.js';
import { compareDebian } from './compare-versions.js';
import type { DebianRelease } from './open-release.js';
import type { DebianPackage } from './packages-file.js';
import { keeps, type Relation } from './relations.js';

type Alternatives = readonly Relation[];

/** The packages that were chosen so far, one a name, and the choice of the next. */
export class Selection {
  readonly #release: DebianRelease;
  /** Installed before or chosen now. */
  readonly #present = new Map<string, DebianPackage>();
  readonly #provided = new Map<string, DebianPackage[]>();
  readonly #chosen: DebianPackage[] = [];
  /** Of a base that somebody else made: newer versions may replace them. */
  readonly #theirs: Set<DebianPackage>;
  /** Requirements of chosen packages that may be met in more than one way: looked at when those that may not are. */
  readonly #open: { readonly of: DebianPackage; readonly alternatives: Alternatives }[] = [];

  constructor(
    release: DebianRelease,
    installed: readonly DebianPackage[],
    theirs: readonly DebianPackage[] = [],
  ) {
    this.#release = release;
    const names = new Set(installed.map(({ name }) => name));
    this.#theirs = new Set(theirs.filter(({ name }) => !names.has(name)));
    for (const one of [...this.#theirs, ...installed]) this.#add(one);
  }

  /** A package that somebody named: it stands, whatever others would rather have. */
  want(wanted: DebianPackage): void {
    const present = this.#present.get(wanted.name);
    if (present?.version === wanted.version) return;
    if (present !== undefined && !this.#theirs.has(present)) throw twoVersions(present, wanted);
    if (present !== undefined) this.#replace(present, wanted);
    this.#renewBroken(wanted);
    this.#refuseConflict(wanted);
    this.#add(wanted);
    this.#chosen.push(wanted);
    if (present !== undefined) this.#renewDependent(present);
  }

  #replace(present: DebianPackage, wanted: DebianPackage): void {
    if (compareDebian(present.version, wanted.version) > 0) throw newerInBase(present, wanted);
    this.#present.delete(present.name);
    for (const { name } of present.provides)
      this.#provided.set(name, this.#provided.get(name)?.filter((one) => one !== present) ?? []);
  }

  /** What a new version breaks has a newer one too. */
  #renewBroken(wanted: DebianPackage): void {
    for (const one of this.#theirs)
      if (this.#present.get(one.name) === one && wanted.conflicts.some((each) => meets(one, each)))
        this.#renew(one);
  }

  /** What was made together with the old version, and says so, is replaced together with it. */
  #renewDependent(old: DebianPackage): void {
    for (const one of this.#theirs) {
      if (this.#present.get(one.name) !== one) continue;
      const needs = [...one.preDepends, ...one.depends];
      const lost = needs
        .filter((alternatives) => alternatives.some((each) => meets(old, each)))
        .find((alternatives) => this.meeting(alternatives).length === 0);
      if (lost && !this.#renew(one)) throw unmet(one, lost, this.#release);
    }
  }

  #renew(one: DebianPackage): boolean {
    const candidate = this.#release.candidate(one.name);
    if (!candidate || compareDebian(candidate.version, one.version) <= 0) return false;
    this.want(candidate);
    return true;
  }

  /** All that was chosen, with everything that it needs. */
  close(): readonly DebianPackage[] {
    let next = 0;
    do {
      for (; next < this.#chosen.length; next++) this.#require(this.#chosen[next] as DebianPackage);
      this.#chooseOne();
    } while (next < this.#chosen.length);
    return this.#chosen;
  }

  /** The packages among those present that meet a requirement. */
  meeting(alternatives: Alternatives): readonly DebianPackage[] {
    return alternatives.flatMap((relation) => {
      const own = this.#present.get(relation.name);
      const others = this.#provided.get(relation.name) ?? [];
      const all = own === undefined ? others : [own, ...others];
      return all.filter((one) => meets(one, relation));
    });
  }

  #require(one: DebianPackage): void {
    for (const alternatives of [...one.preDepends, ...one.depends]) {
      if (this.meeting(alternatives).length > 0) continue;
      const candidates = this.#candidates(alternatives);
      if (candidates.length === 1) this.want(candidates[0] as DebianPackage);
      else this.#open.push({ of: one, alternatives });
    }
  }

  /** Meets open requirements until one brings a package. */
  #chooseOne(): void {
    for (;;) {
      const open = this.#open.shift();
      if (open === undefined) return;
      if (this.meeting(open.alternatives).length > 0) continue;
      const candidates = this.#candidates(open.alternatives);
      const first = candidates.find((one) => this.#conflict(one) === undefined);
      if (first === undefined) throw unmet(open.of, open.alternatives, this.#release);
      return this.want(first);
    }
  }

  /** What could meet a requirement, the best first: alternatives in their order, a package before those that provide it. */
  #candidates(alternatives: Alternatives): readonly DebianPackage[] {
    const all = alternatives.flatMap((relation) => {
      const own = this.#release.packages(relation.name).filter((one) => meets(one, relation));
      const others = this.#release.providers(relation.name).filter((one) => meets(one, relation));
      return [
        ...own.slice(0, 1),
        ...others.filter((one) => one.name !== relation.name).sort(better),
      ];
    });
    return all.filter((one, index) => all.findIndex(({ name }) => name === one.name) === index);
  }

  #add(one: DebianPackage): void {
    this.#present.set(one.name, one);
    for (const { name } of one.provides)
      this.#provided.set(name, [...(this.#provided.get(name) ?? []), one]);
  }

  /** A package that cannot be there together with this one. */
  #conflict(one: DebianPackage): DebianPackage | undefined {
    const against = one.conflicts
      .flatMap((relation) => this.meeting([relation]))
      .find(({ name }) => name !== one.name);
    if (against !== undefined) return against;
    return [...this.#present.values()].find(
      (other) =>
        other.name !== one.name && other.conflicts.some((relation) => meets(one, relation)),
    );
  }

  #refuseConflict(one: DebianPackage): void {
    const other = this.#conflict(one);
    if (other === undefined) return;
    throw unavailable(
      `Debian's packages ${one.name} ${one.version} and ${other.name} ${other.version} cannot be installed together`,
      'Leave one of them out.',
    );
  }
}

/** A package by its own name and version, or by what it provides: that has a version only when it says so (policy 7.5). */
function meets(one: DebianPackage, relation: Relation): boolean {
  if (one.name === relation.name && keeps(relation, one.version)) return true;
  return one.provides.some(
    ({ name, version }) =>
      name === relation.name &&
      (relation.version === undefined || (version !== undefined && keeps(relation, version))),
  );
}

const PRIORITIES = ['required', 'important', 'standard', 'optional', 'extra'];

/** What apt prefers of several that provide the same: the more important ones, then those that come first in the index. */
const better = (a: DebianPackage, b: DebianPackage): number =>
  Number(b.essential) - Number(a.essential) ||
  PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority);

const unmet = (of: DebianPackage, alternatives: Alternatives, release: DebianRelease): Error =>
  unavailable(
    `Debian ${release.codename} has nothing for ${quote(alternatives.map(relationText).join(' | '))}, which ${of.name} ${of.version} needs`,
    'Leave the package out, or choose another.',
  );

const relationText = ({ name, operator, version }: Relation): string =>
  operator === undefined ? name : `${name} (${operator} ${version})`;

const newerInBase = (one: DebianPackage, other: DebianPackage): Error =>
  unavailable(
    `The base has ${one.name} ${one.version}, and what is brought to it needs ${other.version}, which is older`,
    'Name a build_image with the packages of its release alone, or leave build_image out.',
  );

const twoVersions = (one: DebianPackage, other: DebianPackage): Error =>
  unavailable(
    `Debian's package ${one.name} is asked for in two versions, ${one.version} and ${other.version}`,
    'Ask for one of them.',
  );

import { debianHas, isAskedFor } from './debian-version.js';
import type { Runtime, RuntimeChoice, RuntimeSources } from './runtime.js';

/** A runtime of which every Debian release has one version, or none. */
export interface DebianRuntime {
  readonly name: string;
  /** The package whose version is the runtime's. */
  readonly package: string;
  /** Packages without which a release does not have it. */
  readonly needs?: readonly string[];
  readonly license: string;
  /** Attributes of Nix packages that mean it. */
  readonly attribute: RegExp;
  readonly run: readonly string[];
  readonly build: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly steps?: Runtime['steps'];
}

/** The runtime of Debian's packages: the first release whose version fits what the source asks for, any for a default. */
export const debianRuntime = (what: DebianRuntime): Runtime => ({
  name: what.name,
  channel: 'debian',
  verified: "Debian's signed index",
  license: what.license,
  wanted: (attribute) => (what.attribute.test(attribute) ? '' : undefined),

  async resolve(wish, sources): Promise<RuntimeChoice | undefined> {
    const version = await versionIn(what, sources);
    if (version === undefined) return undefined;
    if (!isAskedFor(version, wish)) return undefined;
    const packages = { run: what.run, build: what.build };
    return { version, archives: [], env: what.env ?? {}, packages };
  },

  async available(sources) {
    const version = await versionIn(what, sources);
    return version === undefined ? [] : [version];
  },

  steps: what.steps ?? (() => ({ run: [], build: [] })),
});

async function versionIn({ package: name, needs = [] }: DebianRuntime, sources: RuntimeSources) {
  const others = await Promise.all(needs.map((each) => debianHas(sources, each)));
  return others.includes(undefined) ? undefined : debianHas(sources, name);
}

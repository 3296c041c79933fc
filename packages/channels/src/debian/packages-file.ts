import { readRelations, type Relation } from './relations.js';

/** What installing needs to know of one package in one version. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  /** `all` or that of the release. */
  readonly architecture: string;
  readonly essential: boolean;
  /** `required`, `important`, `standard`, `optional`, `extra`. */
  readonly priority: string;
  readonly multiArch: string;
  readonly depends: readonly (readonly Relation[])[];
  readonly preDepends: readonly (readonly Relation[])[];
  readonly provides: readonly Relation[];
  /** Conflicts and Breaks: nobody installs anew what breaks. */
  readonly conflicts: readonly Relation[];
  /** Below the mirror. */
  readonly path: string;
  readonly size: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

const STANZA = 'Package: ';

/**
 * A Packages file (Debian repository format). Seventy thousand packages are not made into as many values: names and what is
 * provided are looked up in an index of offsets, the packages that are asked for are read then.
 */
export class PackagesFile {
  readonly #text: string;
  /** Where the stanzas of a name begin. */
  readonly #byName = new Map<string, number[]>();
  readonly #provided = new Map<string, number[]>();
  readonly #read = new Map<number, DebianPackage | undefined>();

  /** `text` in one byte a character: names and versions are ASCII, and descriptions are not read. */
  constructor(text: string) {
    this.#text = text;
    let at = 0;
    let provides = text.indexOf(PROVIDES);
    while (at < text.length) {
      const end = stanzaEnd(text, at);
      if (text.startsWith(STANZA, at)) add(this.#byName, fieldEnd(text, at + STANZA.length), at);
      if (provides >= 0 && provides < end) {
        for (const name of provided(text, provides)) add(this.#provided, name, at);
        provides = text.indexOf(PROVIDES, end);
      }
      at = end + 2;
    }
  }

  get names(): Iterable<string> {
    return this.#byName.keys();
  }

  packages(name: string): readonly DebianPackage[] {
    return (this.#byName.get(name) ?? []).flatMap((at) => this.#packageAt(at) ?? []);
  }

  /** Packages that say that they provide a name, in the order of the file. */
  providers(name: string): readonly DebianPackage[] {
    return (this.#provided.get(name) ?? []).flatMap((at) => this.#packageAt(at) ?? []);
  }

  /** Packages without which no system is one, in the order of the file. */
  essential(): readonly DebianPackage[] {
    const found: DebianPackage[] = [];
    const mark = '\nEssential: yes';
    for (let at = this.#text.indexOf(mark); at >= 0; at = this.#text.indexOf(mark, at + 1)) {
      const before = this.#text.lastIndexOf('\n\n', at);
      const one = this.#packageAt(before < 0 ? 0 : before + 2);
      if (one?.essential) found.push(one);
    }
    return found;
  }

  #packageAt(at: number): DebianPackage | undefined {
    if (!this.#read.has(at))
      this.#read.set(at, readPackage(this.#text.slice(at, stanzaEnd(this.#text, at))));
    return this.#read.get(at);
  }
}

const PROVIDES = '\nProvides: ';

function stanzaEnd(text: string, at: number): number {
  const end = text.indexOf('\n\n', at);
  return end < 0 ? text.length : end;
}

function fieldEnd(text: string, at: number): string {
  const end = text.indexOf('\n', at);
  return text.slice(at, end < 0 ? text.length : end).trim();
}

function add(index: Map<string, number[]>, key: string, at: number): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, [at]);
  else if (known.at(-1) !== at) known.push(at);
}

/** Names alone; whether a version fits is looked at when somebody asks. */
const provided = (text: string, at: number): string[] =>
  fieldEnd(text, at + PROVIDES.length)
    .split(',')
    .map((one) => /^\s*([^\s(:]+)/.exec(one)?.[1] ?? '')
    .filter((name) => name !== '');

/** What goes into paths, commands and the lock file; everything else is no package. */
const NAME = /^[a-z0-9][a-z0-9+.-]+$/;
const VERSION = /^[0-9][A-Za-z0-9.+:~-]*$/;
const PATH = /^(?:[A-Za-z0-9+_~][A-Za-z0-9+._~:%-]*\/)+[A-Za-z0-9][A-Za-z0-9+._~:%-]*\.deb$/;
const ARCHITECTURE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** One stanza; undefined when it lacks what a package must have. */
function readPackage(stanza: string): DebianPackage | undefined {
  const fields = fieldsOf(stanza);
  const field = (name: string): string => fields.get(name) ?? '';
  const [path, size, sha256] = [field('Filename'), field('Size'), field('SHA256')];
  const isFile = PATH.test(path) && /^[1-9]\d{0,11}$/.test(size) && /^[0-9a-f]{64}$/.test(sha256);
  const one = describedIn(fields);
  return one && isFile ? { ...one, path, sha256, size: Number(size) } : undefined;
}

/** A package without its file. */
function describedIn(fields: ReadonlyMap<string, string>): DebianPackage | undefined {
  const field = (name: string): string => fields.get(name) ?? '';
  const [name, version, architecture] = [field('Package'), field('Version'), field('Architecture')];
  if (!NAME.test(name) || !VERSION.test(version) || !ARCHITECTURE.test(architecture))
    return undefined;
  return {
    ...{ name, version, architecture, path: '', sha256: '', size: 0 },
    essential: field('Essential') === 'yes',
    priority: field('Priority'),
    multiArch: field('Multi-Arch'),
    depends: readRelations(fields.get('Depends')),
    preDepends: readRelations(fields.get('Pre-Depends')),
    provides: readRelations(fields.get('Provides')).flat(),
    conflicts: [
      ...readRelations(fields.get('Conflicts')),
      ...readRelations(fields.get('Breaks')),
    ].flat(),
  };
}

/** Packages of dpkg's status file, reduced or not: they are installed, and have no file any more. */
export const statusPackages = (text: string): readonly DebianPackage[] =>
  text.split(/\n\n+/).flatMap((stanza) => describedIn(fieldsOf(stanza)) ?? []);

/** Of one line each, as all that are read here are; continued lines belong to others. */
function fieldsOf(stanza: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of stanza.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0 && !line.startsWith(' '))
      fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return fields;
}

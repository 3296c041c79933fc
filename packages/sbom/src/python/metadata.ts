import { Unreadable } from '../image-view.js';
import { distinctLicenses, readLicense } from '../licenses.js';
import { packageUrl } from '../package-url.js';
import type { License } from '../package-graph.js';

/** Core metadata of a distribution: fields by lower-case name, each with its values in order. */
export type Metadata = ReadonlyMap<string, readonly string[]>;

/** Reads the header of METADATA or PKG-INFO. Throws Unreadable when name or version is missing. */
export function readMetadata(text: string): Metadata {
  const fields = new Map<string, string[]>();
  let last: string[] | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (line === '') break;
    const field = /^([A-Za-z][A-Za-z0-9-]*):[ \t]*(.*)$/.exec(line);
    if (field?.[1] === undefined) {
      if (last) last[last.length - 1] += `\n${line.trim()}`;
      continue;
    }
    const key = field[1].toLowerCase();
    last = fields.get(key) ?? [];
    last.push((field[2] ?? '').trim());
    fields.set(key, last);
  }
  if (!one(fields, 'name') || !one(fields, 'version'))
    throw new Unreadable('names no distribution and version');
  return fields;
}

/** The first value of a field; undefined when it is absent, empty or the old `UNKNOWN`. */
export function one(metadata: Metadata, field: string): string | undefined {
  const value = metadata.get(field)?.[0];
  return value === '' || value === 'UNKNOWN' ? undefined : value;
}

/** The form in which two spellings of one project's name are equal. */
export const normalizedName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

/** Throws Unreadable. */
export const pythonPurl = (name: string, version: string): string =>
  packageUrl('pypi', undefined, normalizedName(name), version);

/** Best evidence first: the expression, a `License` field that is one, the classifiers, whatever else `License` says. */
export function pythonLicenses(metadata: Metadata): License[] {
  const expression = readLicense(one(metadata, 'license-expression') ?? '');
  if (expression) return [expression];
  const field = readLicense(one(metadata, 'license') ?? '');
  if (field && field.kind !== 'name') return [field];
  const classifiers = (metadata.get('classifier') ?? []).flatMap(classifierLicense);
  return classifiers.length > 0 ? distinctLicenses(classifiers) : distinctLicenses([field]);
}

const CLASSIFIERS = new Map([
  ['GNU Affero General Public License v3', 'AGPL-3.0-only'],
  ['GNU Affero General Public License v3 or later (AGPLv3+)', 'AGPL-3.0-or-later'],
  ['GNU General Public License v2 (GPLv2)', 'GPL-2.0-only'],
  ['GNU General Public License v2 or later (GPLv2+)', 'GPL-2.0-or-later'],
  ['GNU General Public License v3 (GPLv3)', 'GPL-3.0-only'],
  ['GNU General Public License v3 or later (GPLv3+)', 'GPL-3.0-or-later'],
  ['GNU Lesser General Public License v2 or later (LGPLv2+)', 'LGPL-2.0-or-later'],
  ['GNU Lesser General Public License v3 (LGPLv3)', 'LGPL-3.0-only'],
  ['GNU Lesser General Public License v3 or later (LGPLv3+)', 'LGPL-3.0-or-later'],
]);

function classifierLicense(classifier: string): (License | undefined)[] {
  const parts = classifier.split(' :: ');
  const name = parts.at(-1) ?? '';
  if (parts[0] !== 'License' || name === 'OSI Approved' || parts.length < 2) return [];
  return [readLicense(CLASSIFIERS.get(name) ?? name)];
}

/** Author or maintainer, without mail address. */
export function pythonSupplier(metadata: Metadata): string | undefined {
  const people = ['author', 'maintainer'].flatMap((role) => [
    one(metadata, role),
    one(metadata, `${role}-email`)?.match(/^"?([^"<@]+?)"?\s*</)?.[1],
  ]);
  return people.find((person) => person !== undefined && person.trim() !== '')?.split('\n')[0];
}

export interface Requirement {
  readonly name: string;
  /** Only for one of the distribution's extras. */
  readonly extra: boolean;
}

/** Names of `Requires-Dist`, normalized. Other markers are not evaluated: what is installed shows their answer. */
export function pythonRequirements(metadata: Metadata): Requirement[] {
  return (metadata.get('requires-dist') ?? []).flatMap((text) => {
    const name = /^[A-Za-z0-9][A-Za-z0-9._-]*/.exec(text)?.[0];
    const marker = text.slice(text.indexOf(';') + 1 || text.length);
    return name === undefined
      ? []
      : [{ name: normalizedName(name), extra: /\bextra\s*==/.test(marker) }];
  });
}

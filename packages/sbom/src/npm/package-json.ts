import {
  baseName,
  type ByteString,
  decodeText,
  joinPath,
  type JsonObject,
  parentOf,
} from '@nx-nixpack/base';
import { distinctLicenses, readLicense } from '../licenses.js';
import { Unreadable } from '../image-view.js';
import { listOf, objectOf, textOf } from '../json-object.js';
import { packageUrl } from '../package-url.js';
import type { License, PackageEdge } from '../package-graph.js';

/** The manifest's name or, as npm does without one, its directory's. Throws Unreadable when that is not a name. */
export function packageName(manifest: JsonObject, directory: ByteString): string {
  const parent = baseName(parentOf(directory));
  const fallback = parent.startsWith('@')
    ? joinPath(parent, baseName(directory))
    : baseName(directory);
  const name = manifest['name'] === undefined ? decodeText(fallback) : textOf(manifest['name']);
  if (name === undefined || /[\s\u0000-\u001f]/.test(name))
    throw new Unreadable('has no usable name');
  return name;
}

/** Throws Unreadable. */
export function npmPurl(name: string, version: string): string {
  const slash = name.startsWith('@') ? name.indexOf('/') : -1;
  const namespace = slash < 0 ? undefined : name.slice(0, slash);
  return packageUrl('npm', namespace, name.slice(slash + 1), version);
}

/** Licenses by `license`, or by the older `licenses` list, whose entries are alternatives. */
export function npmLicenses(manifest: JsonObject): License[] {
  const one = licenseText(manifest['license']);
  if (one !== undefined) return distinctLicenses([readLicense(one)]);
  const entries = [...listOf(manifest['licenses']), ...listOf(manifest['license'])].map(
    licenseText,
  );
  const names = entries.filter((name) => name !== undefined);
  if (names.length < 2) return distinctLicenses(names.map((name) => readLicense(name)));
  const either = readLicense(
    names.map((name) => (name.includes(' ') ? `(${name})` : name)).join(' OR '),
  );
  return either?.kind === 'expression'
    ? [either]
    : distinctLicenses(names.map((name) => readLicense(name)));
}

const licenseText = (value: unknown): string | undefined =>
  textOf(value) ?? textOf(objectOf(value)?.['type']) ?? textOf(objectOf(value)?.['name']);

/** Who publishes it, best evidence first: author, scope, maintainer or contributor, owner of the repository. */
export function npmSupplier(manifest: JsonObject, name: string): string | undefined {
  const people = [
    manifest['author'],
    ...listOf(manifest['maintainers']),
    ...listOf(manifest['contributors']),
  ];
  const [author, ...others] = people.map(personName);
  const scope = name.startsWith('@') ? name.slice(0, name.indexOf('/')) : undefined;
  return (
    author ?? scope ?? others.find((person) => person !== undefined) ?? repositoryOwner(manifest)
  );
}

/** `Name <mail> (address)` without mail and address. */
function personName(value: unknown): string | undefined {
  const text = textOf(value) ?? textOf(objectOf(value)?.['name']);
  return textOf(text?.replace(/\s*[<(].*$/s, ''));
}

function repositoryOwner(manifest: JsonObject): string | undefined {
  const address =
    textOf(manifest['repository']) ?? textOf(objectOf(manifest['repository'])?.['url']);
  return address?.match(/(?:^|github\.com[/:]|github:)([\w.-]+)\/[\w.-]+$/)?.[1];
}

/** What a manifest asks for, by the name it is required by. The strongest kind of a name wins, as in npm. */
export function requirements(manifest: JsonObject): Map<string, PackageEdge['kind']> {
  const wanted = new Map<string, PackageEdge['kind']>();
  const add = (key: string, kind: PackageEdge['kind']): void => {
    for (const name of Object.keys(objectOf(manifest[key]) ?? {})) wanted.set(name, kind);
  };
  add('peerDependencies', 'peer');
  add('dependencies', 'runtime');
  add('optionalDependencies', 'optional');
  return wanted;
}

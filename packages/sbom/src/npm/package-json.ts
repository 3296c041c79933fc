import { type ByteString, decodeText } from '@nx-nixpack/base';
import { distinctLicences, readLicence } from '../licences.js';
import { baseName, parentOf, Unreadable } from '../image-view.js';
import { type JsonObject, listOf, objectOf, textOf } from '../json-object.js';
import { packageUrl } from '../package-url.js';
import type { Licence, PackageEdge } from '../package-graph.js';

/** The manifest's name or, as npm does without one, its directory's. Throws Unreadable when that is no name. */
export function packageName(manifest: JsonObject, directory: ByteString): string {
  const parent = baseName(parentOf(directory));
  const fallback = parent.startsWith('@')
    ? `${parent}/${baseName(directory)}`
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

/** Licences by `license`, or by the older `licenses` list, whose entries are alternatives. */
export function npmLicences(manifest: JsonObject): Licence[] {
  const one = licenceText(manifest['license']);
  if (one !== undefined) return distinctLicences([readLicence(one)]);
  const entries = [...listOf(manifest['licenses']), ...listOf(manifest['license'])].map(
    licenceText,
  );
  const names = entries.filter((name) => name !== undefined);
  if (names.length < 2) return distinctLicences(names.map((name) => readLicence(name)));
  const either = readLicence(
    names.map((name) => (name.includes(' ') ? `(${name})` : name)).join(' OR '),
  );
  return either?.kind === 'expression'
    ? [either]
    : distinctLicences(names.map((name) => readLicence(name)));
}

const licenceText = (value: unknown): string | undefined =>
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

import { PackageURL } from 'packageurl-js';
import { Unreadable } from './image-view.js';

/** Canonical package URL; an empty version is left out. Throws Unreadable for what no package URL can hold. */
export function packageUrl(
  type: string,
  namespace: string | undefined,
  name: string,
  version: string,
  qualifiers?: Readonly<Record<string, string>>,
): string {
  try {
    const url = new PackageURL(type, namespace, name, version || undefined, qualifiers, undefined);
    // What does not read back is not one: the library writes more than it accepts.
    return PackageURL.fromString(url.toString()).toString();
  } catch {
    throw new Unreadable(
      `names a package that has no package URL: ${JSON.stringify(`${name}@${version}`)}`,
    );
  }
}

export function isPackageUrl(text: string): boolean {
  try {
    PackageURL.fromString(text);
    return true;
  } catch {
    return false;
  }
}

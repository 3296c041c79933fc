import {
  bytes,
  decodeText,
  encodeText,
  isObject,
  joinPath,
  parentOf,
  readFileBytes,
  resolveEntry,
  type ByteString,
  type Entry,
  type FileTree,
} from '@nx-nixpack/base';
import type { RunConfig } from '@nx-nixpack/oci';
import { KNOWN_PROGRAMS } from './known-programs.js';

/** Programs that a base brings: their versions as far as files tell, '' where they do not. */
export type BasePrograms = Readonly<Record<string, string>>;

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** Files of login shells that may lead to more programs than PATH says. */
const PROFILES = ['root/.profile', 'root/.bash_profile', 'root/.bash_login', 'etc/environment'];

/**
 * The known programs on the PATH of an image, found by its files alone: nothing of it is run. Undefined when a login shell
 * of it changes PATH, so that nobody knows what is there.
 */
export function basePrograms(tree: FileTree, config: RunConfig): BasePrograms | undefined {
  if (PROFILES.some((path) => /\bPATH=/.test(textAt(tree, encodeText(path))))) return undefined;
  const path = (config.Env ?? []).find((entry) => entry.startsWith('PATH='))?.slice(5);
  const directories = (path ?? DEFAULT_PATH).split(':').filter((one) => one.startsWith('/'));
  const packages = debianVersions(tree);
  const found = Object.keys(KNOWN_PROGRAMS).flatMap((name) => {
    const file = directories
      .map((directory) => fileAt(tree, encodeText(`${directory.slice(1)}/${name}`)))
      .find((entry) => entry !== undefined);
    return file ? [[name, versionOf(tree, name, file, packages)] as const] : [];
  });
  return Object.fromEntries(found);
}

function fileAt(tree: FileTree, path: ByteString): Entry | undefined {
  const entry = resolveEntry(tree, path, { root: 'own' });
  return entry?.type === 'file' || entry?.type === 'hardlink' ? entry : undefined;
}

/** The first that a file tells: a header, a release file, the package that it belongs to, its own name, dpkg. */
function versionOf(
  tree: FileTree,
  name: string,
  file: Entry,
  packages: ReadonlyMap<string, string>,
): string {
  const ways = [
    () => NEARBY[name]?.(tree, parentOf(file.path)),
    () => manifestVersion(tree, file.path),
    () => packageVersion(name, packages),
    () => /(?:^|\/)[a-z-]+?(\d+(?:\.\d+)*)$/.exec(file.path)?.[1],
  ];
  for (const way of ways) {
    const version = way();
    if (version !== undefined) return version;
  }
  return '';
}

type Nearby = (tree: FileTree, directory: ByteString) => string | undefined;
const up = (directory: ByteString, path: string): ByteString =>
  joinPath(parentOf(directory), encodeText(path));

const NEARBY: Readonly<Record<string, Nearby>> = {
  node: (tree, at) => {
    const header = textAt(tree, up(at, 'include/node/node_version.h'));
    const parts = ['MAJOR', 'MINOR', 'PATCH'].map(
      (part) => new RegExp(`NODE_${part}_VERSION (\\d+)`).exec(header)?.[1],
    );
    return parts.includes(undefined) ? undefined : parts.join('.');
  },
  go: (tree, at) => /^go(\d+(?:\.\d+)*)/.exec(textAt(tree, up(at, 'VERSION')))?.[1],
  java: (tree, at) => /^JAVA_VERSION="(\d+(?:\.\d+)*)/m.exec(textAt(tree, up(at, 'release')))?.[1],
};

/** Of the package.json above a file, when it is a program of that package. */
function manifestVersion(tree: FileTree, file: ByteString): string | undefined {
  for (let at = parentOf(file), depth = 0; at !== '' && depth < 4; at = parentOf(at), depth++) {
    const text = textAt(tree, joinPath(at, bytes`package.json`));
    if (text === '') continue;
    try {
      const manifest: unknown = JSON.parse(text);
      const version = isObject(manifest) ? manifest['version'] : undefined;
      return typeof version === 'string' && /^\d/.test(version) ? version : undefined;
    } catch {
      return undefined;
    }
  }
  return undefined;
}

function packageVersion(name: string, packages: ReadonlyMap<string, string>): string | undefined {
  const wanted = KNOWN_PROGRAMS[name]?.packages;
  const versions = [...packages].flatMap(([one, version]) => (wanted?.test(one) ? [version] : []));
  return versions.length === 1 ? versions[0] : undefined;
}

/** Upstream's version of every installed package, see deb-version(7) and dpkg's status file. */
function debianVersions(tree: FileTree): Map<string, string> {
  const status = textAt(tree, bytes`var/lib/dpkg/status`);
  const blocks = status.split('\n\n').flatMap((block) => {
    const name = /^Package: (\S+)$/m.exec(block)?.[1];
    const version = /^Version: (?:\d+:)?(\d+(?:\.\d+)*)/m.exec(block)?.[1];
    const installed = /^Status: install ok installed$/m.test(block);
    return name !== undefined && version !== undefined && installed
      ? [[name, version] as const]
      : [];
  });
  return new Map(blocks);
}

const MOST_BYTES = 32 * 1024 * 1024;

function textAt(tree: FileTree, path: ByteString): string {
  const entry = fileAt(tree, path);
  if (entry === undefined || entry.size > MOST_BYTES) return '';
  return (
    decodeText(Buffer.from(readFileBytes(tree, entry.path)).toString('latin1') as ByteString) ?? ''
  );
}

import {
  decodeText,
  encodeText,
  quote,
  readFileBytes,
  resolveEntry,
  UserError,
  type ByteString,
  type Entry,
  type FileTree,
  type Position,
} from '@nx-nixpack/base';
import { reducedStatus } from '@nx-nixpack/channels';

/** What an image says of its own system. */
export interface SystemFacts {
  /** ID and VERSION_CODENAME of os-release(5); '' for what it does not say. */
  readonly id: string;
  readonly release: string;
  /** PRETTY_NAME, for people. */
  readonly name: string;
  /** dpkg's status, reduced; '' where there is no dpkg. */
  readonly status: string;
}

/** Their packages are named alike, and their mirrors signed. */
const DISTRIBUTIONS = ['debian', 'ubuntu'];

export function systemIn(tree: FileTree): SystemFacts {
  const text = textAt(tree, 'etc/os-release') || textAt(tree, 'usr/lib/os-release');
  const field = (name: string): string =>
    new RegExp(`^${name}=["']?([^"'\\n]*)`, 'm').exec(text)?.[1]?.trim() ?? '';
  const release = field('VERSION_CODENAME');
  const hasDpkg = fileAt(tree, 'usr/bin/dpkg') !== undefined;
  return {
    id: field('ID'),
    // It becomes a part of an address.
    release: /^[a-z][a-z0-9-]*$/.test(release) ? release : '',
    name: field('PRETTY_NAME'),
    status: hasDpkg ? reducedStatus(textAt(tree, 'var/lib/dpkg/status')) : '',
  };
}

const MOST_BYTES = 32 * 1024 * 1024;

function fileAt(tree: FileTree, path: string): Entry | undefined {
  const entry = resolveEntry(tree, encodeText(path), { root: 'own' });
  return entry?.type === 'file' || entry?.type === 'hardlink' ? entry : undefined;
}

function textAt(tree: FileTree, path: string): string {
  const entry = fileAt(tree, path);
  if (entry === undefined || entry.size > MOST_BYTES) return '';
  const bytes = Buffer.from(readFileBytes(tree, entry.path));
  return decodeText(bytes.toString('latin1') as ByteString) ?? '';
}

/** Throws UserError BASE_INVALID for what Debian's packages cannot be brought to. */
export function requireDebian(
  reference: string,
  facts: SystemFacts,
  at: Position | undefined,
): SystemFacts {
  const { id, release, status } = facts;
  if (status !== '' && release !== '' && DISTRIBUTIONS.includes(id)) return facts;
  throw new UserError({
    code: 'BASE_INVALID',
    message: `${reference} is ${whatItIs(facts)}, and the toolchain debian brings packages of Debian or Ubuntu to it`,
    hint: 'Leave build_image out, so that a base is composed; or name one of Debian; or write toolchain: base with a build_image that has what the plan needs.',
    ...(at && { at }),
  });
}

function whatItIs({ id, name, release, status }: SystemFacts): string {
  const system = name || id;
  if (system === '') return 'of no distribution that it names';
  if (!DISTRIBUTIONS.includes(id)) return quote(system);
  if (status === '') return `${quote(system)} without dpkg`;
  return release === '' ? `${quote(system)}, of no release that it names` : quote(system);
}

import { bytes } from '@nx-nixpack/base';
import { below, contentOf, diskPath, lstat, type DiskPath } from '../trees/disk.js';
import { CA_FILE, HOST_FACTS, type Lent } from '../../../host-facts/index.js';
import type { HostNetwork } from '../../engine.js';
import { aptSourcesFor } from './apt-sources.js';
import { resolveInRoot } from '../trees/resolve-in-root.js';

const APT = '/run/nixpack/apt';
const MOST_BYTES = 64 * 1024;

/** What the host lends to one step: files that vanish with it, and variables that are in no key and no image. */
export interface HostAccess {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly env: Readonly<Record<string, string>>;
}

/** For steps that have network. `root`: the image's root, which tells its release. */
export function hostAccess(host: HostNetwork, root: string): HostAccess {
  const apt = aptSourcesFor(host.aptSources, codenameOf(root));
  const lent = [...HOST_FACTS.map(({ follows }) => follows?.(host) ?? {}), certificates(host)];
  const files = new Map<string, Uint8Array>();
  for (const { files: some } of [...lent, host])
    for (const [path, content] of Object.entries(some ?? {})) files.set(path, Buffer.from(content));
  for (const { name, content } of apt) files.set(aptPath(name), Buffer.from(content));
  if (apt.length > 0 || host.caBundle)
    files.set(`${APT}.conf`, Buffer.from(aptConfig(apt.length > 0, host)));
  return {
    files,
    env: {
      ...(Object.assign({}, ...lent.map(({ env }) => env)) as Record<string, string>),
      ...(files.has(`${APT}.conf`) ? { APT_CONFIG: `${APT}.conf` } : {}),
      ...host.env,
    },
  };
}

/** Options that add up instead of replacing each other, with what stands between two of them. */
const ADDED: Readonly<Record<string, string>> = {
  JAVA_TOOL_OPTIONS: ' ',
  MAVEN_ARGS: ' ',
  PHP_INI_SCAN_DIR: '',
  SBT_OPTS: ' ',
};

/** The variables of a step on a host that lends some: the step's own go before them, or come after them in a list. */
export function withLent(
  lent: HostAccess['env'],
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const added = Object.entries(ADDED).flatMap(([name, between]) => {
    const [ours, theirs] = [lent[name], own[name]];
    return ours && theirs ? [[name, `${ours}${between}${theirs}`] as const] : [];
  });
  return { ...lent, ...own, ...Object.fromEntries(added) };
}

function certificates({ caBundle }: HostNetwork): Lent {
  if (caBundle === undefined) return {};
  const names = HOST_FACTS.flatMap((facts) => facts.certificates ?? []);
  return {
    env: Object.fromEntries(names.map((name) => [name, CA_FILE])),
    files: { [CA_FILE]: caBundle },
  };
}

const aptPath = (name: string): string =>
  name === 'sources.list' ? `${APT}/sources.list` : `${APT}/parts/${name.replaceAll('/', '_')}`;

function aptConfig(sources: boolean, host: HostNetwork): string {
  const lines = sources
    ? [`Dir::Etc::sourcelist "${APT}/sources.list";`, `Dir::Etc::sourceparts "${APT}/parts";`]
    : [];
  if (host.caBundle) lines.push(`Acquire::https::CaInfo "${CA_FILE}";`);
  return `${lines.join('\n')}\n`;
}

/** VERSION_CODENAME of os-release(5), '' when it names none. */
function codenameOf(root: string): string {
  try {
    const path = diskPath(root);
    const text = textOf(below(path, resolveInRoot(path, bytes`etc/os-release`)));
    return /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(text)?.[1] ?? '';
  } catch {
    return '';
  }
}

/** An image may have anything in the place of a file. */
function textOf(path: DiskPath): string {
  const stats = lstat(path);
  if (!stats?.isFile() || stats.size > MOST_BYTES) return '';
  return Buffer.concat([...contentOf(path)]).toString('utf8');
}

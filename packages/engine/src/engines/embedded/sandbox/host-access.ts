import { bytes } from '@nx-nixpack/base';
import { below, contentOf, diskPath, lstat, type DiskPath } from '../trees/disk.js';
import type { HostNetwork } from '../../engine.js';
import { aptSourcesFor } from './apt-sources.js';
import { resolveInRoot } from '../trees/resolve-in-root.js';

const CA_BUNDLE = '/run/secrets/ca.crt';
/** How the usual clients are told which certificates to trust. */
const CA_VARIABLES = [
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'npm_config_cafile',
  'PIP_CERT',
  'REQUESTS_CA_BUNDLE',
  'CARGO_HTTP_CAINFO',
  'GIT_SSL_CAINFO',
  'CURL_CA_BUNDLE',
];
const APT = '/run/nixpack/apt';
const MOST_BYTES = 64 * 1024;

/** What the host lends to one step: files below /run that vanish with it, and variables that are in no key and no image. */
export interface HostAccess {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly env: Readonly<Record<string, string>>;
}

/** For steps that have network. `root`: the image's root, which tells its release. */
export function hostAccess(host: HostNetwork, root: string): HostAccess {
  const apt = aptSourcesFor(host.aptSources, codenameOf(root));
  const files = new Map<string, Uint8Array>();
  if (host.caBundle) files.set(CA_BUNDLE, host.caBundle);
  for (const { name, content } of apt) files.set(aptPath(name), Buffer.from(content));
  if (apt.length > 0 || host.caBundle)
    files.set(`${APT}.conf`, Buffer.from(aptConfig(apt.length > 0, host)));
  return {
    files,
    env: {
      ...(host.caBundle ? Object.fromEntries(CA_VARIABLES.map((name) => [name, CA_BUNDLE])) : {}),
      ...(files.has(`${APT}.conf`) ? { APT_CONFIG: `${APT}.conf` } : {}),
      ...host.env,
    },
  };
}

const aptPath = (name: string): string =>
  name === 'sources.list' ? `${APT}/sources.list` : `${APT}/parts/${name.replaceAll('/', '_')}`;

function aptConfig(sources: boolean, host: HostNetwork): string {
  const lines = sources
    ? [`Dir::Etc::sourcelist "${APT}/sources.list";`, `Dir::Etc::sourceparts "${APT}/parts";`]
    : [];
  if (host.caBundle) lines.push(`Acquire::https::CaInfo "${CA_BUNDLE}";`);
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

import { excerpt, quote, UserError } from '@nx-nixpack/base';
import type { Archive } from './archive.js';

/** Nothing has what was asked for, whatever is tried. */
export const unavailable = (message: string, hint: string): UserError =>
  new UserError({ code: 'TOOLCHAIN_UNAVAILABLE', message, hint });

/** A channel could not be asked. Another try may help. */
export const unreachable = (channel: string, url: URL, why: string, cause?: unknown): UserError =>
  new UserError(
    {
      code: 'CHANNEL_UNREACHABLE',
      message: `${channel}: ${shownUrl(url)} ${excerpt(why, 200)}`,
      hint: 'Check the network, its proxies and certificates, and the mirror that this machine is configured with; then run the task again.',
    },
    { retryable: true, ...(cause === undefined ? {} : { cause }) },
  );

/** What was sent is not what it should be. */
export const invalid = (message: string): UserError =>
  new UserError({
    code: 'ARCHIVE_INVALID',
    message,
    hint: 'Do not use it: run the task again, and when it happens again, ask whoever runs the mirror.',
  });

export const gone = ({ channel, name, version, id }: Archive): UserError =>
  new UserError({
    code: 'ARCHIVE_GONE',
    message: `No mirror of ${channel} has ${name} ${version} any more (${id})`,
    hint: 'Move the lock to what there is with nx g nx-nixpack:lock --update, or name a mirror that keeps old versions.',
  });

/** No address is written down in this project: where a channel is served, the machine must say. */
export const unconfigured = (channel: string): UserError =>
  unavailable(
    `${channel}: this machine does not say where it is served`,
    CONFIGURE[channel] ?? 'Configure its ordinary client.',
  );

const CONFIGURE: Readonly<Record<string, string>> = {
  debian:
    'Set NX_NIXPACK_DEBIAN_MIRROR to the address of a Debian mirror and NX_NIXPACK_DEBIAN_KEYRING to its keyring, or configure apt.',
  npm: 'Set npm_config_registry to the address of the registry.',
  pypi: 'Set PIP_INDEX_URL to the address of the index, which ends in /simple.',
  go: 'Set GOPROXY to the address of a module proxy.',
  maven: 'Add the repository to ~/.m2/settings.xml as a mirror of central.',
};

/** Queries may hold signatures of storage services, users and passwords never belong to an address here. */
export const shownUrl = ({ protocol, host, pathname }: URL): string =>
  `${protocol}//${host}${pathname}`;

/** Foreign text in a message. */
export const shown = (text: string): string => quote(excerpt(text, 100));

/** A name or one of its versions that the channel does not have, with the nearest that it has. */
export function noSuchVersion(
  channel: string,
  name: string,
  version: string,
  versions: readonly string[],
): UserError {
  if (versions.length === 0)
    return unavailable(
      `${channel} has no ${shown(name)}`,
      'Correct its name, or ask another mirror.',
    );
  const near = nearestVersions(version, versions).map((one) => excerpt(one, 60));
  return unavailable(
    `${channel} has no version ${shown(version)} of ${name}`,
    `Ask for one that there is: ${near.join(', ')}.`,
  );
}

/** Of the versions, oldest first, those that begin as the wanted one does, else the newest. */
function nearestVersions(version: string, versions: readonly string[]): readonly string[] {
  for (let prefix = version; prefix.length > 0; prefix = prefix.slice(0, -1)) {
    const alike = versions.filter((one) => one.startsWith(prefix));
    if (alike.length > 0) return alike.slice(-5).reverse();
  }
  return versions.slice(-5).reverse();
}

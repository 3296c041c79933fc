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

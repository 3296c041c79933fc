import { isRegistryHost } from '@nx-nixpack/data';
import { publicText, UserError } from '@nx-nixpack/base';
import { type TokenServers } from '@nx-nixpack/oci';

/**
 * Token servers that get the credentials of a registry though nothing shows that they are its owner's, from
 * NX_NIXPACK_TOKEN_SERVERS: `registry=origin` pairs, separated by commas or spaces, a registry as often as needed.
 * Throws UserError CONFIG_INVALID_VALUE.
 */
export function tokenServers(
  environment: Readonly<Record<string, string | undefined>>,
): TokenServers {
  const servers = new Map<string, readonly string[]>();
  for (const pair of (environment['NX_NIXPACK_TOKEN_SERVERS'] ?? '').split(/[\s,]+/)) {
    if (pair === '') continue;
    const [registry = '', ...rest] = pair.split('=');
    const origin = originOf(rest.join('='));
    if (!isRegistryHost(registry) || origin === undefined) throw invalid(pair);
    servers.set(registry, [...(servers.get(registry) ?? []), origin]);
  }
  return servers;
}

/** undefined for anything but scheme, host and port: a path would look as if it were compared. */
function originOf(text: string): string | undefined {
  if (!/^https?:\/\/[^/?#@]+\/?$/.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text).origin;
}

const invalid = (pair: string): UserError =>
  new UserError({
    code: 'CONFIG_INVALID_VALUE',
    message: publicText(
      `"${pair.slice(0, 200)}" in NX_NIXPACK_TOKEN_SERVERS is not a token server`,
    ),
    hint: 'Write registry=origin, e.g. registry.example.com=https://auth.example.net.',
  });

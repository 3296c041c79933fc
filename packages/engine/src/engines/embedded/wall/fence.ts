import { runProgram } from '../programs.js';
import type { NetworkPorts } from './step-network.js';

/** Link-local addresses (RFC 3927): clouds answer there with the machine's own credentials. */
const LINK_LOCAL = '169.254.0.0/16';

/**
 * Forbids the ways from a step's network to this machine's own addresses, which a relay would reach like any other.
 * An address stays open when the machine's owner has named it as a proxy or mirror for builds.
 */
export async function fence(
  { runner, host }: Pick<NetworkPorts, 'runner' | 'host'>,
  enter: readonly string[],
  addresses: readonly string[],
): Promise<void> {
  const named = namedHosts(host.env);
  const closed = addresses.filter((address) => !named.has(address));
  const commands = [...new Set([LINK_LOCAL, ...closed])].map(
    (to) => `route replace prohibit ${to}\n`,
  );
  const [file = '', ...args] = enter;
  await runProgram(runner, file, [...args, 'ip', '-batch', '-'], { input: commands.join('') });
}

/** Host names of the URLs among some variables. */
const namedHosts = (env: Readonly<Record<string, string>>): Set<string> =>
  new Set(
    Object.values(env)
      .flatMap((value) => value.split(/[\s,|]+/))
      .filter((word) => URL.canParse(word))
      .map((word) => new URL(word).hostname),
  );

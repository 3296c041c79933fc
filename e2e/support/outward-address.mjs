import { networkInterfaces } from 'node:os';

/**
 * An address of this machine that a build step with network reaches: the one of its first network card, for a step's
 * loopback is its own. On a machine without a card it is the loopback.
 */
export function outwardAddress() {
  const cards = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const card = cards.find(
    ({ family, internal, scopeid }) => family === 'IPv4' && !internal && !scopeid,
  );
  return card?.address ?? '127.0.0.1';
}

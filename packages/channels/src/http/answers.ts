import type { ChannelAccess } from '../channel.js';

const PATIENCE_MS = 10_000;

/**
 * A source is nobody's: what it names may lie in the network of this machine, as what a server there names may, and never on the
 * machine itself or where a cloud keeps its credentials.
 */
const NAMED_BY_SOURCE = new URL('http://10.0.0.0/');

/** Whether an address that a source names answers a program that wants to download from it: asked once, not for long. */
export async function answers(address: string, access: ChannelAccess): Promise<boolean> {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return false;
  try {
    const { status, body } = await access.transport.request({
      ...{ method: 'HEAD', url, headers: { 'user-agent': 'nx-nixpack' }, idleMs: PATIENCE_MS },
      namedBy: NAMED_BY_SOURCE,
      ...(access.signal ? { signal: access.signal } : {}),
    });
    for await (const _chunk of body) break;
    // Some servers answer HEAD with nothing but that they do not.
    return status < 400 || status === 405;
  } catch {
    return false;
  }
}

import type { ChannelAccess } from '../channel.js';

const PATIENCE_MS = 10_000;

/** Whether an address answers a program that wants to download from it: asked once, not for long. */
export async function answers(address: string, access: ChannelAccess): Promise<boolean> {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return false;
  try {
    const { status, body } = await access.transport.request({
      ...{ method: 'HEAD', url, headers: { 'user-agent': 'nx-nixpack' }, idleMs: PATIENCE_MS },
      ...(access.signal ? { signal: access.signal } : {}),
    });
    for await (const _chunk of body) break;
    // Some servers answer HEAD with nothing but that they do not.
    return status < 400 || status === 405;
  } catch {
    return false;
  }
}

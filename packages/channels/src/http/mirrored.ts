import { UserError } from '@nx-nixpack/base';
import type { ChannelAccess, Mirror } from '../channel.js';
import { unconfigured } from '../failures.js';
import { ask } from './ask.js';
import type { Answer, Question } from './question.js';

/**
 * The first answer of a channel's mirrors; undefined when none of them has it. A mirror that fails gives way to the next
 * one where the configuration allows it; when nothing else answers, its failure is thrown.
 */
export async function fromMirrors<T>(
  channel: string,
  access: ChannelAccess,
  work: (mirror: Mirror) => Promise<T | undefined>,
): Promise<T | undefined> {
  const mirrors = access.mirrors[channel] ?? [];
  if (mirrors.length === 0) throw unconfigured(channel);
  let failure: unknown;
  for (const mirror of mirrors) {
    try {
      const found = await work(mirror);
      if (found !== undefined) return found;
    } catch (error) {
      if (!(error instanceof UserError) || mirror.next === 'missing') throw error;
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  return undefined;
}

/** What a path below a channel's mirrors answers. */
export const askMirrors = (
  path: string,
  question: Omit<Question, 'url'>,
  access: ChannelAccess,
): Promise<Answer | undefined> =>
  fromMirrors(question.channel, access, (mirror) =>
    ask({ ...question, url: below(mirror, path) }, access),
  );

/** An address below a mirror. Throws for a path that leaves it: names and versions come from others. */
export function below(mirror: Mirror, path: string): URL {
  const base = new URL(mirror.url);
  const url = new URL(path, base);
  if (url.origin === base.origin && url.pathname.startsWith(base.pathname)) return url;
  throw new UserError({
    code: 'ARCHIVE_INVALID',
    message: `${JSON.stringify(path.slice(0, 100))} is no path below a mirror`,
    hint: 'Restore nixpack.lock.json from version control, or remove the entry.',
  });
}

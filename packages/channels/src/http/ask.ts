import { setTimeout as timer } from 'node:timers/promises';
import { UserError, type HttpResponse } from '@nx-nixpack/base';
import type { ChannelAccess } from '../channel.js';
import { shownUrl, unreachable } from '../failures.js';
import type { Answer, Question } from './question.js';
import { readAll } from './read-all.js';
import { redirected } from './redirected.js';

const TRIES = 3;
const FIRST_PAUSE_MS = 300;
/** A server that is busy now may not be in a moment. */
const TRANSIENT: ReadonlySet<number> = new Set([408, 425, 429, 499, 500, 502, 503, 504, 522]);

/**
 * The whole answer to one GET; undefined when the server does not have it (404, 410). Repeats what may go better, follows
 * a few redirects. Throws UserError CHANNEL_UNREACHABLE.
 */
export async function ask(question: Question, access: ChannelAccess): Promise<Answer | undefined> {
  for (let tried = 1; ; tried++) {
    try {
      return await askOnce(question, access);
    } catch (error) {
      access.signal?.throwIfAborted();
      if (tried >= TRIES || !(error instanceof UserError) || !error.retryable) throw error;
    }
    await timer(FIRST_PAUSE_MS * 2 ** (tried - 1), undefined, signalOf(access));
  }
}

const signalOf = ({ signal }: ChannelAccess): { signal?: AbortSignal } =>
  signal ? { signal } : {};

async function askOnce(question: Question, access: ChannelAccess): Promise<Answer | undefined> {
  const { url, head = false } = question;
  try {
    const response = await followed(question, access);
    if (response.status === 404 || response.status === 410) {
      await giveBack(response);
      return undefined;
    }
    if (response.status !== 200) throw await refused(question, response);
    const length = lengthOf(response);
    const bytes = head ? Buffer.alloc(0) : await readAll(question, response);
    if (head) await giveBack(response);
    return { bytes, length, contentType: header(response, 'content-type') };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw unreachable(question.channel, url, `cannot be reached: ${reason(error)}`, error);
  }
}

const MAX_REDIRECTS = 5;

async function followed(question: Question, access: ChannelAccess): Promise<HttpResponse> {
  let url = question.url;
  for (let left = MAX_REDIRECTS; ; left--) {
    const response = await access.transport.request({
      method: question.head ? 'HEAD' : 'GET',
      url,
      headers: { accept: question.accept ?? '*/*', 'user-agent': 'nx-nixpack' },
      ...namer(question, url),
      ...signalOf(access),
    });
    if (![301, 302, 303, 307, 308].includes(response.status)) return response;
    await giveBack(response);
    if (left === 0) throw new Error('more redirects than are followed');
    url = redirected(url, header(response, 'location'));
  }
}

/** Who led to an address; nobody where this machine's own settings did. */
function namer({ url: first, namedBy }: Question, url: URL): { namedBy?: URL } {
  if (namedBy !== undefined) return { namedBy };
  return url === first ? {} : { namedBy: first };
}

async function refused({ channel, url }: Question, response: HttpResponse): Promise<UserError> {
  const { status } = response;
  await giveBack(response);
  const error = unreachable(channel, url, `answered with ${status}`);
  if (TRANSIENT.has(status)) return error;
  const { code, message } = error;
  const hint = `Check what ${shownUrl(url)} asks for: credentials are not sent to channels.`;
  return new UserError({ code, message, hint });
}

const header = ({ headers }: HttpResponse, name: string): string => {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
};

function lengthOf(response: HttpResponse): number | undefined {
  const length = header(response, 'content-length');
  return /^\d{1,15}$/.test(length) ? Number(length) : undefined;
}

/** Ends an answer that nobody reads. */
async function giveBack({ body }: HttpResponse): Promise<void> {
  try {
    for await (const _chunk of body) break;
  } catch {
    // It was not wanted.
  }
}

const reason = (error: unknown): string => {
  const { code, message, cause } = error as { code?: unknown; message?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  return cause instanceof Error ? reason(cause) : String(message);
};

import type { HttpRequest } from '@nx-nixpack/base';

export interface WatchedBody {
  readonly body: HttpRequest['body'];
  /** What reading our own content threw, which is not a fault of the network. */
  readonly failure: () => { readonly error: unknown } | undefined;
}

/** A body that tells when a piece of it is taken, and what went wrong with making it. */
export function watchedBody(body: HttpRequest['body'], moved: () => void): WatchedBody {
  let failure: { error: unknown } | undefined;
  if (typeof body !== 'function') return { body, failure: () => undefined };
  const make = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of body()) {
        moved();
        yield chunk;
      }
      moved();
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  return { body: make, failure: () => failure };
}

import { isLoopback } from '@nx-nixpack/base';
import { type FailedRequest, protocolFailure } from './registry-failure.js';

const HUB_API = 'registry-1.docker.io';

/** http is for this machine only; nothing falls back to it. */
export function baseUrl(registry: string): URL {
  const url = new URL(`https://${registry === 'docker.io' ? HUB_API : registry}/`);
  if (isLoopback(url.hostname)) return new URL(`http://${registry}/`);
  return url;
}

/** A location that a registry names, checked: never from https to http, no user information. Throws RegistryFailure. */
export function resolveLocation(from: FailedRequest, location: string): URL {
  if (!URL.canParse(location, from.url.href))
    throw protocolFailure(from, 'the answer names a location that is not a URL');
  const url = new URL(location, from.url);
  const secure =
    url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  const downgrade = from.url.protocol === 'https:' && url.protocol !== 'https:';
  if (!secure || downgrade || url.username !== '' || url.password !== '')
    throw protocolFailure(
      from,
      `the answer leads to ${url.protocol}//${url.host}, which is not safe`,
    );
  return url;
}

/** 301, 302 and 303 make a GET of other methods, which no upload survives. */
export function checkRedirect(request: FailedRequest, status: number): void {
  if (['GET', 'HEAD'].includes(request.method) || status === 307 || status === 308) return;
  throw protocolFailure(request, `was redirected with ${status}, which loses its body`);
}

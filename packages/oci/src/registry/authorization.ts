import { type HttpRequest, type HttpResponse, sanitize, silent } from '@nx-nixpack/base';
import type { Credentials, FoundCredentials } from '../credentials/credential-source.js';
import type { RegistryAccess, Repository } from './access.js';
import { type Challenge, parseChallenges } from './challenge.js';
import { trustRealm } from './realm-policy.js';
import { RegistryFailure } from './registry-failure.js';
import { mergeScopes } from './token-scopes.js';
import { basicHeader, requestToken } from './token-server.js';

type Send = (
  request: Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>,
) => Promise<HttpResponse>;

interface HeldToken {
  readonly header: string;
  /** When to get another one, before it expires. */
  readonly renewAt: number;
}

interface Bearer {
  readonly realm: URL;
  readonly service: string | undefined;
}

/** Share of a token's life after which another one is fetched. */
const RENEW_AFTER = 0.8;

/** How one repository's registry wants to be spoken to: learned from its challenges, remembered for the requests that follow. */
export class Authorization {
  readonly #base: URL;
  readonly #registry: string;
  readonly #repository: string;
  readonly #access: RegistryAccess;
  readonly #send: Send;
  readonly #secrets = new Set<string>();
  readonly #tokens = new Map<string, Promise<HeldToken>>();
  /** Scopes that the registry demanded beyond those we asked for, by those we asked for. */
  readonly #demanded = new Map<string, readonly string[]>();
  #found: Promise<FoundCredentials | undefined> | undefined;
  #basic: string | undefined;
  #bearer: Bearer | undefined;

  constructor(base: URL, { registry, repository }: Repository, access: RegistryAccess, send: Send) {
    this.#base = base;
    this.#registry = registry;
    this.#repository = repository;
    this.#access = access;
    this.#send = send;
  }

  /** The Authorization header for a request, as far as one is known to be wanted. */
  async header(scopes: readonly string[]): Promise<string | undefined> {
    if (this.#bearer === undefined) return this.#basic;
    const wanted = this.#demanded.get(mergeScopes(scopes).join(' ')) ?? mergeScopes(scopes);
    return (await this.#token(this.#bearer, wanted)).header;
  }

  /** After a 401: the header to try next, undefined when there is no other one. */
  async answer(
    header: string | readonly string[] | undefined,
    scopes: readonly string[],
    rejected: string | undefined,
  ): Promise<string | undefined> {
    const challenges = parseChallenges(header);
    const bearer = challenges.find(
      ({ scheme, parameters }) => scheme === 'bearer' && parameters.has('realm'),
    );
    if (bearer) return this.#answerBearer(bearer, scopes, rejected);
    if (!challenges.some(({ scheme }) => scheme === 'basic')) return undefined;
    const found = await this.#credentials();
    if (found?.credentials.kind !== 'basic') return undefined;
    this.#basic = this.#secret(basicHeader(found.credentials));
    return this.#basic === rejected ? undefined : this.#basic;
  }

  /** Takes every secret that was used out of a text. */
  redact(text: string): string {
    let clean = text;
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, '***');
    return clean;
  }

  async #answerBearer(
    { parameters }: Challenge,
    scopes: readonly string[],
    rejected: string | undefined,
  ): Promise<string | undefined> {
    this.#bearer = {
      realm: this.#realm(parameters.get('realm') ?? ''),
      service: parameters.get('service'),
    };
    const demanded = (parameters.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
    const wanted = mergeScopes(scopes, demanded);
    this.#demanded.set(mergeScopes(scopes).join(' '), wanted);
    const key = tokenKey(this.#bearer, wanted);
    const current = this.#tokens.get(key);
    const held = await current?.catch(() => undefined);
    // Another request may have renewed the token since this one was sent, or may do so now.
    if (held?.header === rejected && this.#tokens.get(key) === current) this.#tokens.delete(key);
    const next = await this.#token(this.#bearer, wanted);
    return next.header === rejected ? undefined : next.header;
  }

  #realm(text: string): URL {
    if (URL.canParse(text)) return new URL(text);
    throw this.#refused(`names "${text.slice(0, 200)}" as its token server, which is no URL`);
  }

  #token(bearer: Bearer, scopes: readonly string[]): Promise<HeldToken> {
    const key = tokenKey(bearer, scopes);
    const known = this.#tokens.get(key);
    const held = (known ?? this.#fetch(bearer, scopes)).then((token) =>
      known === undefined || this.#now() < token.renewAt ? token : this.#fetch(bearer, scopes),
    );
    this.#tokens.set(key, held);
    // A failure is told to those who wait for it; the next request tries again.
    held.catch(() => this.#tokens.get(key) === held && this.#tokens.delete(key));
    return held;
  }

  async #fetch(bearer: Bearer, scopes: readonly string[]): Promise<HeldToken> {
    const trust = trustRealm(this.#base, bearer.realm);
    if (trust === 'refused')
      throw this.#refused(`names ${bearer.realm.origin} as its token server`);
    const credentials = (await this.#credentials())?.credentials;
    if (credentials?.kind === 'registry-token')
      return { header: this.#secret(`Bearer ${credentials.token}`), renewAt: Infinity };
    if (credentials && trust !== 'credentials')
      throw this.#refused(
        `wants its credentials sent to ${bearer.realm.origin}, another owner's host`,
      );
    const { token, lifeMs } = await requestToken({ ...bearer, scopes, credentials }, this.#send);
    return { header: this.#secret(`Bearer ${token}`), renewAt: this.#now() + lifeMs * RENEW_AFTER };
  }

  #credentials(): Promise<FoundCredentials | undefined> {
    this.#found ??= this.#access.credentials
      .find(this.#registry, this.#repository)
      .then((found) => {
        const { progress = silent } = this.#access;
        if (found) progress.step(sanitize(`login    ${this.#registry} (${found.origin})`));
        if (found) this.#remember(found.credentials);
        return found;
      });
    return this.#found;
  }

  #remember(credentials: Credentials): void {
    this.#secret(credentials.kind === 'basic' ? credentials.password : credentials.token);
    this.#secret(basicHeader(credentials));
  }

  /** Notes a header or value, so that `redact` knows it. */
  #secret(value: string): string {
    for (const part of [value, value.replace(/^(?:Basic|Bearer) /, '')])
      if (part.length >= 4) this.#secrets.add(part);
    return value;
  }

  #now(): number {
    return (this.#access.now ?? performance.now.bind(performance))();
  }

  #refused(problem: string): RegistryFailure {
    return new RegistryFailure({
      code: 'REGISTRY_AUTH',
      message: `The registry ${this.#registry} ${problem}`,
      hint: 'Check that the address is that of your registry; its token server must be https and belong to the same owner.',
    });
  }
}

const tokenKey = ({ realm, service }: Bearer, scopes: readonly string[]): string =>
  [realm.href, service ?? '', ...scopes].join('\n');

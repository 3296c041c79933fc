import { excerpt, publicText, silent } from '@nx-nixpack/base';
import type { FoundCredentials } from '../credentials/credential-source.js';
import { noteCredentials } from '../credentials/note-secrets.js';
import type { RegistryAccess, Repository } from './access.js';
import { type Challenge, parseChallenges } from './challenge.js';
import { trustRealm } from './realm-policy.js';
import { RegistryFailure } from './registry-failure.js';
import { mergeScopes } from './token-scopes.js';
import { basicHeader, requestToken, type Send } from './token-server.js';

interface HeldToken {
  readonly header: string;
  /** When to get another one, before it expires. */
  readonly renewAt: number;
}

interface Bearer {
  readonly realm: URL;
  readonly service: string | undefined;
}

/** What the registry said to a request without or with the wrong authorization. */
export interface Refusal {
  /** Of its WWW-Authenticate. */
  readonly challenge: string | readonly string[] | undefined;
  readonly scopes: readonly string[];
  /** The header that it refused. */
  readonly rejected: string | undefined;
  /** This is the last try: others may use up the token that all share, so this request gets one of its own. */
  readonly isLast: boolean;
}

export interface Offer {
  readonly header: string;
  /** To be called when the registry took it: from now on others may use it too. */
  readonly taken: () => void;
}

/** Share of a token's life after which another one is fetched. */
const RENEW_AFTER = 0.8;

/** How one repository's registry wants to be spoken to: learned from its challenges, remembered for the requests that follow. */
export class Authorization {
  readonly #base: URL;
  readonly #registry: string;
  readonly #repository: string;
  readonly #access: RegistryAccess;
  readonly #tokens = new Map<string, Promise<HeldToken>>();
  /** Scopes that the registry demanded beyond those we asked for, by those we asked for. */
  readonly #demanded = new Map<string, readonly string[]>();
  #found: Promise<FoundCredentials | undefined> | undefined;
  #basic: string | undefined;
  #bearer: Bearer | undefined;

  constructor(base: URL, { registry, repository }: Repository, access: RegistryAccess) {
    this.#base = base;
    this.#registry = registry;
    this.#repository = repository;
    this.#access = access;
  }

  /** The Authorization header for a request, as far as one is known to be wanted. */
  async header(scopes: readonly string[], send: Send): Promise<string | undefined> {
    if (this.#bearer === undefined) return this.#basic;
    const wanted = this.#demanded.get(mergeScopes(scopes).join(' ')) ?? mergeScopes(scopes);
    return (await this.#token(this.#bearer, wanted, send)).header;
  }

  /** After a 401: what to try next, undefined when there is nothing else. */
  async answer(refusal: Refusal, send: Send): Promise<Offer | undefined> {
    const challenges = parseChallenges(refusal.challenge);
    const bearer = challenges.find(
      ({ scheme, parameters }) => scheme === 'bearer' && parameters.has('realm'),
    );
    if (bearer) return this.#answerBearer(bearer, refusal, send);
    if (!challenges.some(({ scheme }) => scheme === 'basic')) return undefined;
    const found = await this.#credentials();
    if (found?.credentials.kind !== 'basic') return undefined;
    const header = (this.#basic = basicHeader(found.credentials));
    return header === refusal.rejected ? undefined : { header, taken: () => {} };
  }

  async #answerBearer(
    { parameters }: Challenge,
    { scopes, rejected, isLast }: Refusal,
    send: Send,
  ): Promise<Offer | undefined> {
    const bearer = (this.#bearer = {
      realm: this.#realm(parameters.get('realm') ?? ''),
      service: parameters.get('service'),
    });
    const demanded = (parameters.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
    const wanted = mergeScopes(scopes, demanded);
    this.#demanded.set(mergeScopes(scopes).join(' '), wanted);
    const key = tokenKey(bearer, wanted);
    await this.#drop(key, rejected);
    const held = await (isLast
      ? this.#fetch(bearer, wanted, send)
      : this.#token(bearer, wanted, send));
    if (held.header === rejected) return undefined;
    const taken = (): void => {
      if (!this.#tokens.has(key)) this.#tokens.set(key, Promise.resolve(held));
    };
    return { header: held.header, taken };
  }

  /** Another request may have renewed the token since this one was sent, or may do so now. */
  async #drop(key: string, rejected: string | undefined): Promise<void> {
    const current = this.#tokens.get(key);
    const held = await current?.catch(() => undefined);
    if (held?.header === rejected && this.#tokens.get(key) === current) this.#tokens.delete(key);
  }

  #realm(text: string): URL {
    if (URL.canParse(text)) return new URL(text);
    throw this.#refused(`names "${excerpt(text, 200)}" as its token server, which is not a URL`);
  }

  /** One token for all who want the same, one request for it when several want it at once. */
  #token(bearer: Bearer, scopes: readonly string[], send: Send): Promise<HeldToken> {
    const key = tokenKey(bearer, scopes);
    const known = this.#tokens.get(key);
    const fetch = (): Promise<HeldToken> => this.#fetch(bearer, scopes, send);
    const held = (known ?? fetch()).then((token) =>
      known === undefined || this.#now() < token.renewAt ? token : fetch(),
    );
    this.#tokens.set(key, held);
    // A failure is told to those who wait for it; the next request tries again.
    held.catch(() => this.#tokens.get(key) === held && this.#tokens.delete(key));
    return held;
  }

  async #fetch(bearer: Bearer, scopes: readonly string[], send: Send): Promise<HeldToken> {
    const { realm } = bearer;
    const trust = trustRealm(this.#base, realm, this.#access.tokenServers?.get(this.#registry));
    if (trust === 'refused')
      throw this.#refused(`names ${realm.origin} as its token server`, realm);
    const credentials = (await this.#credentials())?.credentials;
    if (credentials?.kind === 'registry-token')
      return { header: `Bearer ${credentials.token}`, renewAt: Infinity };
    if (credentials && trust !== 'credentials')
      throw this.#refused(
        `wants its credentials sent to ${realm.origin}, which may be another owner's`,
        realm,
      );
    const { token, lifeMs } = await requestToken({ ...bearer, scopes, credentials }, send);
    return { header: `Bearer ${token}`, renewAt: this.#now() + lifeMs * RENEW_AFTER };
  }

  #credentials(): Promise<FoundCredentials | undefined> {
    this.#found ??= this.#access.credentials
      .find(this.#registry, this.#repository)
      .then((found) => {
        if (found) noteCredentials(found.credentials);
        const { progress = silent } = this.#access;
        if (found) progress.step(publicText(`login    ${this.#registry} (${found.origin})`));
        return found;
      });
    return this.#found;
  }

  #now(): number {
    return (this.#access.now ?? performance.now.bind(performance))();
  }

  #refused(problem: string, realm?: URL): RegistryFailure {
    const setting = `NX_NIXPACK_TOKEN_SERVERS=${this.#registry}=${realm?.origin}`;
    // What goes over http to another machine cannot be trusted by a setting.
    const isOpen = realm && trustRealm(this.#base, realm, [realm.origin]) === 'credentials';
    return new RegistryFailure({
      code: 'REGISTRY_AUTH',
      message: `The registry ${this.#registry} ${problem}`,
      hint: `Check that the address is that of your registry and its token server its owner's${isOpen ? `; if so, set ${setting}` : ''}.`,
    });
  }
}

const tokenKey = ({ realm, service }: Bearer, scopes: readonly string[]): string =>
  [realm.href, service ?? '', ...scopes].join('\n');

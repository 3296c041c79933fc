import { randomBytes } from 'node:crypto';
import { type Exchange, failure, readAll, type Reply } from './exchange.js';

export interface BasicAuth {
  readonly kind: 'basic';
  readonly username: string;
  readonly password: string;
}

export interface BearerAuth {
  readonly kind: 'bearer';
  /** Absent: everyone may pull and push with an anonymous token. */
  readonly user?: { readonly username: string; readonly password: string };
  /** Accepted as refresh token. */
  readonly identityToken?: string;
  /** A token is good for so many requests. */
  readonly tokenRequests?: number;
  readonly expiresIn?: number;
  /** Where tokens are said to be had; the registry itself by default. */
  readonly realm?: string;
  /** Answer with `access_token` instead of `token`. */
  readonly accessToken?: boolean;
}

export type Auth = BasicAuth | BearerAuth;

interface Token {
  readonly scopes: ReadonlySet<string>;
  left: number;
}

/** Decides who may do what, and issues tokens at `/token`. */
export class Authentication {
  readonly #auth: Auth | undefined;
  readonly #tokens = new Map<string, Token>();
  /** Tokens handed out so far. */
  issued = 0;

  constructor(auth: Auth | undefined) {
    this.#auth = auth;
  }

  /** Every token issued so far stops being valid. */
  expireTokens(): void {
    this.#tokens.clear();
  }

  /** The answer to a request that may not go on; undefined when it may. */
  refuse(exchange: Exchange, host: string, scopes: readonly string[]): Reply | undefined {
    const auth = this.#auth;
    if (auth === undefined) return undefined;
    const given = exchange.headers.authorization;
    if (auth.kind === 'basic')
      return given === basic(auth) ? undefined : challenge('Basic realm="test, registry"');
    return this.#refuseBearer(auth, given, host, scopes);
  }

  #refuseBearer(
    auth: BearerAuth,
    given: string | undefined,
    host: string,
    scopes: readonly string[],
  ): Reply | undefined {
    const token = this.#tokens.get(/^Bearer (\S+)$/.exec(given ?? '')?.[1] ?? '');
    const realm = auth.realm ?? `http://${host}/token`;
    const text = `Bearer realm="${realm}",service="test",scope="${scopes.join(' ')}"`;
    if (given === undefined) return challenge(text);
    if (token === undefined || token.left <= 0) return challenge(`${text},error="invalid_token"`);
    if (!scopes.every((scope) => covers(token, scope)))
      return challenge(`${text},error="insufficient_scope"`);
    token.left -= 1;
    return undefined;
  }

  async issue(exchange: Exchange): Promise<Reply> {
    const auth = this.#auth;
    if (auth?.kind !== 'bearer') return failure(404, 'NAME_UNKNOWN');
    const form = new URLSearchParams((await readAll(exchange.body)).toString('utf8'));
    if (!this.#known(auth, exchange, form)) return failure(401, 'UNAUTHORIZED', 'wrong password');
    const asked = exchange.method === 'POST' ? form : exchange.query;
    const token = randomBytes(12).toString('hex');
    this.#tokens.set(token, {
      scopes: new Set(asked.getAll('scope').flatMap((scope) => scope.split(' '))),
      left: auth.tokenRequests ?? Infinity,
    });
    this.issued += 1;
    const body = {
      [auth.accessToken ? 'access_token' : 'token']: token,
      expires_in: auth.expiresIn ?? 300,
    };
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
  }

  #known(auth: BearerAuth, { method, headers }: Exchange, form: URLSearchParams): boolean {
    if (method === 'POST')
      return (
        form.get('grant_type') === 'refresh_token' &&
        form.get('refresh_token') === auth.identityToken
      );
    return auth.user === undefined || headers.authorization === basic(auth.user);
  }
}

/** A token for `repository:a:pull,push` covers `repository:a:pull`. */
function covers({ scopes }: Token, wanted: string): boolean {
  const [prefix, actions] = split(wanted);
  return [...scopes].some((scope) => {
    const [name, allowed] = split(scope);
    return name === prefix && actions.every((action) => allowed.includes(action));
  });
}

function split(scope: string): [string, readonly string[]] {
  const end = scope.lastIndexOf(':');
  return [scope.slice(0, end), scope.slice(end + 1).split(',')];
}

const basic = ({ username, password }: { username: string; password: string }): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

const challenge = (text: string): Reply => ({
  ...failure(401, 'UNAUTHORIZED', 'authentication required'),
  headers: { 'content-type': 'application/json', 'www-authenticate': text },
});

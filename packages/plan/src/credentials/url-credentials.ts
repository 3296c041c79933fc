import { isReference, VARIABLE, type Spelled } from './credential-format.js';

/** Everything between `://` and an `@` before the path. */
const USERINFO = /:\/\/([^\s/?#"'`<>\\]+)@/g;
/** Addresses that package managers fetch from. Others, such as a test database's, are no business of theirs. */
const FETCHED =
  /(?:^|[^a-z0-9+.-])(?:(?:git|hg|svn|bzr|sparse|registry)\+)?(?:https?|git|ssh|ftps?)$/i;
const WEB = /https?$/i;
const LONGEST_SCHEME = 24;
/** A user that is not a name: accounts without a password are common, tokens in their place are not told apart otherwise. */
const TOKEN = /^(?=[^\d]*\d)(?=[^a-z]*[a-z])[\w.-]{16,}$/i;
/** What Google's registries call everybody. */
const NAMES = new Set(['oauth2accesstoken']);
/** Stands for the password where the user's place holds the token. */
const NO_PASSWORD = new Set(['', 'x-oauth-basic']);

export interface UrlSearch {
  /** Where in the file the text begins. */
  readonly at?: number;
  /** Any scheme, not only those that package managers fetch from. */
  readonly any?: boolean;
}

/** The URLs of a text that carry a password or a token; time is linear in its length. */
export function urlCredentials(text: string, { at = 0, any = false }: UrlSearch = {}): Spelled[] {
  return [...text.matchAll(USERINFO)].flatMap(({ index, 1: userinfo = '' }) => {
    const before = text.slice(Math.max(0, index - LONGEST_SCHEME), index);
    if ((!any && !FETCHED.test(before)) || !isCredential(userinfo, before)) return [];
    const scheme = /[a-z][a-z0-9+.-]*$/i.exec(before)?.[0] ?? '';
    return [{ offset: at + index - scheme.length, what: 'in a URL' }];
  });
}

function isCredential(userinfo: string, before: string): boolean {
  // A fallback may hold a colon.
  const plain = userinfo.replace(VARIABLE, '');
  const colon = plain.indexOf(':');
  const user = colon < 0 ? plain : plain.slice(0, colon);
  const password = colon < 0 ? '' : plain.slice(colon + 1);
  if (!NO_PASSWORD.has(password)) return !isReference(password);
  if (password !== '') return !isReference(user);
  return (
    user === userinfo.replace(/:$/, '') && WEB.test(before) && TOKEN.test(user) && !NAMES.has(user)
  );
}

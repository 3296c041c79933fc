import { secretsRead } from '@nx-nixpack/base';
import type { Credentials } from './credential-source.js';

/** Notes what was just read, before anything can fail that might show it. */
export function noteCredentials(credentials: Credentials): void {
  if (credentials.kind !== 'basic') return secretsRead.add(credentials.token);
  const { username, password } = credentials;
  secretsRead.add(password);
  secretsRead.add(`${username}:${password}`);
}

const SECRET_MEMBERS = ['auth', 'password', 'identitytoken', 'registrytoken'];

/** Notes the secrets of a credentials file, those of other registries and those that cannot be used too. */
export function noteAuths(auths: Readonly<Record<string, unknown>>): void {
  for (const entry of Object.values(auths)) {
    const members = Object.entries(entry ?? {}).filter(([name]) => SECRET_MEMBERS.includes(name));
    for (const [name, value] of members) {
      if (typeof value !== 'string') continue;
      secretsRead.add(value);
      if (name === 'auth') notePair(Buffer.from(value, 'base64').toString('utf8'));
    }
  }
}

function notePair(text: string): void {
  const pair = text.replace(/\0+$/, '');
  secretsRead.add(pair);
  secretsRead.add(pair.slice(pair.indexOf(':') + 1));
}

const SECRET_VARIABLE = /(?:SECRET|TOKEN|PASSWORD|PASSWD)/i;
const PLACE_VARIABLE = /(?:FILE|PATH|DIR|URL|URI|ENDPOINT|NAME|ID)$/i;

/** Settings like `true` are in variables with such names too. */
const SHORTEST_VARIABLE = 8;

/** Notes the variables that a helper is given and may repeat (AWS_SECRET_ACCESS_KEY, GITHUB_TOKEN). */
export function noteVariables(env: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(env))
    if (isSecret(name) && value.length >= SHORTEST_VARIABLE) secretsRead.add(value);
}

const isSecret = (name: string): boolean =>
  SECRET_VARIABLE.test(name) && !PLACE_VARIABLE.test(name);

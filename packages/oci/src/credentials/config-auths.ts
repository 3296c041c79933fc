import { isObject } from '@nx-nixpack/base';
import { badConfig, type ConfigFile } from './config-file.js';
import type { Credentials } from './credential-source.js';
import type { CredentialReader } from './credential-reader.js';
import { matchingKeys } from './registry-key.js';

/** `auths` of a Docker config.json or a containers auth.json. */
export const configAuths: CredentialReader = {
  name: 'config-auths',
  find(file, registry, repository) {
    for (const key of matchingKeys(file.auths, registry, repository)) {
      const credentials = credentialsOf(file, key);
      if (credentials) return Promise.resolve({ credentials, origin: file.path });
    }
    return Promise.resolve(undefined);
  },
};

function credentialsOf(file: ConfigFile, key: string): Credentials | undefined {
  const entry = file.auths[key] ?? {};
  if (!isObject(entry)) throw badConfig(file.path, `has an entry for ${key} that is not an object`);
  const text = (name: string): string => {
    const value = entry[name] ?? '';
    if (typeof value === 'string') return value;
    throw badConfig(file.path, `has a ${name} for ${key} that is not text`);
  };
  if (text('identitytoken')) return { kind: 'identity-token', token: text('identitytoken') };
  if (text('registrytoken')) return { kind: 'registry-token', token: text('registrytoken') };
  if (text('auth')) return decode(file.path, key, text('auth'));
  // `{}` is what docker login leaves when a credential store holds the rest.
  if (!text('username')) return undefined;
  return basicOrToken(text('username'), text('password'));
}

function decode(path: string, key: string, auth: string): Credentials {
  const text = /^[A-Za-z0-9+/=_\-\s]+$/.test(auth)
    ? Buffer.from(auth, 'base64').toString('utf8')
    : '';
  const colon = text.indexOf(':');
  if (colon <= 0)
    throw badConfig(path, `has an auth for ${key} that is not base64 of user:password`);
  // Old clients filled the password with NUL bytes.
  return basicOrToken(text.slice(0, colon), text.slice(colon + 1).replace(/\0+$/, ''));
}

/** The user name `<token>` says that the password is an identity token (Docker's credential protocol). */
export const basicOrToken = (username: string, password: string): Credentials =>
  username === '<token>'
    ? { kind: 'identity-token', token: password }
    : { kind: 'basic', username, password };

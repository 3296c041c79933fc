import { isReference, type CredentialFormat, type Spelled } from './credential-format.js';
import { iniEntries } from './ini-entries.js';
import { urlCredentials } from './url-credentials.js';

const SETTING = /(?:^|:)(_authToken|_auth|_password)(?:\[\])?$/i;
/** The client's private key, spelled out instead of named by `keyfile`. */
const KEY = /(?:^|:)(key)$/i;

/** npm, pnpm and bun. */
export const npmrc: CredentialFormat = {
  files: /(?:^|\/)\.npmrc$/,
  find: (text) => iniEntries(text).flatMap(({ key, value, offset }) => judge(key, value, offset)),
  instead:
    'Write `//HOST/:_authToken=${NPM_TOKEN}` instead, and name the token under settings.nixpack.secrets: { NPM_TOKEN: { env: NPM_TOKEN, as: variable } }',
};

function judge(key: string, value: string, offset: number): readonly Spelled[] {
  const setting = SETTING.exec(key)?.[1];
  if (setting !== undefined) return isReference(value) ? [] : [{ offset, what: `as ${setting}` }];
  if (KEY.test(key)) return value.includes('PRIVATE KEY') ? [{ offset, what: 'as key' }] : [];
  // The place of the setting is what has to be edited, for all of its URLs.
  return urlCredentials(value, { any: true })
    .slice(0, 1)
    .map(({ what }) => ({ offset, what }));
}

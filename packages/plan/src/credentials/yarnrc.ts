import { isReference, type CredentialFormat, type Spelled } from './credential-format.js';
import { urlCredentials } from './url-credentials.js';

const LINE = /^([^\S\r\n]*)("[^"\r\n]*"|[^\s"#]\S*)[^\S\r\n]+([^\r\n]+)/gm;
const SETTING = /(?:^|:)(_authToken|_auth|_password)$/i;

/** Yarn 1: `key value` or `"key" "value"`. */
export const yarnrc: CredentialFormat = {
  files: /(?:^|\/)\.yarnrc$/,
  find: (text) =>
    [...text.matchAll(LINE)].flatMap(({ index, 1: indent = '', 2: key = '', 3: value = '' }) =>
      judge(bare(key), bare(value.trim()), index + indent.length),
    ),
  instead:
    'Take it out and write `//HOST/:_authToken=${NPM_TOKEN}` into .npmrc, which Yarn reads as well; name the token under settings.nixpack.secrets: { NPM_TOKEN: { env: NPM_TOKEN, as: variable } }',
};

function judge(key: string, value: string, offset: number): readonly Spelled[] {
  const setting = SETTING.exec(key)?.[1];
  if (setting !== undefined) return isReference(value) ? [] : [{ offset, what: `as ${setting}` }];
  return urlCredentials(value, { any: true })
    .slice(0, 1)
    .map(({ what }) => ({ offset, what }));
}

const bare = (text: string): string => text.replace(/^"([^"]*)"$/, '$1');

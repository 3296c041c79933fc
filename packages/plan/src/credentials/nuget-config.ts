import { isReference, type CredentialFormat, type Spelled } from './credential-format.js';
import { urlCredentials } from './url-credentials.js';
import { withoutXmlComments } from './xml-elements.js';

const ADD = /<add\s([^<>]*)>|<(\/?)apikeys\s*>/gi;
const SECRET = /^(?:ClearTextPassword|Password|http_proxy\.password)$/i;
const VARIABLE = /%\w+%/g;

export const nugetConfig: CredentialFormat = {
  files: /(?:^|\/)nuget\.config$/i,
  find: (text) => spelled(withoutXmlComments(text)),
  instead:
    'Write `%NUGET_TOKEN%` in its place, and name the token under settings.nixpack.secrets: { NUGET_TOKEN: { env: NUGET_TOKEN, as: variable } }',
};

function spelled(text: string): readonly Spelled[] {
  let inKeys = false;
  const found = [...text.matchAll(ADD)].flatMap(({ index, 1: attributes, 2: closing }) => {
    if (attributes === undefined) {
      inKeys = closing === '';
      return [];
    }
    const secret = inKeys || SECRET.test(attribute(attributes, 'key'));
    const literal = !isReference(attribute(attributes, 'value'), VARIABLE);
    return secret && literal
      ? [{ offset: index, what: inKeys ? 'as API key' : 'as password' }]
      : [];
  });
  return [...found, ...urlCredentials(text, { any: true })];
}

const attribute = (attributes: string, name: 'key' | 'value'): string =>
  new RegExp(`\\b${name}\\s*=\\s*["']([^"']*)["']`, 'i').exec(attributes)?.[1] ?? '';

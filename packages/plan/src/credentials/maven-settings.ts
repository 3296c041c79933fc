import { isReference, type CredentialFormat, type Spelled } from './credential-format.js';
import { urlCredentials } from './url-credentials.js';
import { textElements, withoutXmlComments, type XmlElement } from './xml-elements.js';

/** `${env.NAME}`, and every other property. */
const PROPERTY = /\$\{[\w.-]+\}/g;
/** Of Maven's own encryption: of no use without the master password. */
const ENCRYPTED = /\{(?:\[[^\]]*\])?[A-Za-z0-9+/=]+\}/;
const ELEMENT = /^(?:password|passphrase)$/;
const HEADER = /^(?:Authorization|Private-Token|Job-Token|Deploy-Token|X-JFrog-Art-Api)$/i;

export const mavenSettings: CredentialFormat = {
  files: /(?:^|\/)[^/]*settings\.xml$/,
  find: (text) => (/<settings[\s>]/.test(text) ? spelled(withoutXmlComments(text)) : []),
  instead:
    'Write `${env.MAVEN_PASSWORD}` in its place, and name the password under settings.nixpack.secrets: { MAVEN_PASSWORD: { env: MAVEN_PASSWORD, as: variable, phases: [build] } }',
};

function spelled(text: string): readonly Spelled[] {
  const elements = textElements(text);
  const found = elements.flatMap((element, index) => judge(element, elements[index - 1]));
  return [...found, ...urlCredentials(text, { any: true })];
}

function judge(element: XmlElement, before: XmlElement | undefined): readonly Spelled[] {
  const { name, value, offset } = element;
  if (ELEMENT.test(name))
    return isReference(value, PROPERTY) || ENCRYPTED.test(value)
      ? []
      : [{ offset, what: `as ${name}` }];
  const isHeader = name === 'value' && before?.name === 'name' && HEADER.test(before.value);
  return isHeader && !isReference(value.replace(/^(?:Basic|Bearer)\s+/i, ''), PROPERTY)
    ? [{ offset, what: 'as the value of a header' }]
    : [];
}

/** The master password, in an encryption whose key is known to everybody. */
export const mavenMaster: CredentialFormat = {
  files: /(?:^|\/)settings-security\.xml$/,
  find: (text) =>
    textElements(withoutXmlComments(text)).flatMap(({ name, value, offset }) =>
      name === 'master' && value !== '' ? [{ offset, what: 'as master' }] : [],
    ),
  instead: 'Take the file out of the source, and write `${env.MAVEN_PASSWORD}` into settings.xml',
};

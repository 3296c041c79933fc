import { isReference, type CredentialFormat, type Spelled } from './credential-format.js';

/** .netrc of curl, pip, Go and git: words, whichever lines they are on. */
export const netrc: CredentialFormat = {
  files: /(?:^|\/)[._]netrc$/,
  find: (text) => passwords(words(text)),
  instead:
    'Take the file out of the source, and lend it: settings.nixpack.secrets: { netrc: { env: NETRC_CONTENT } } with build_env: { NETRC: /run/secrets/netrc }',
};

interface Word {
  readonly text: string;
  readonly offset: number;
}

function passwords(all: readonly Word[]): readonly Spelled[] {
  return all.flatMap(({ text, offset }, index) => {
    const value = text === 'password' ? all[index + 1] : undefined;
    return value === undefined || isReference(value.text) ? [] : [{ offset, what: 'as password' }];
  });
}

/** Without comments, and without macros, which end with an empty line. */
function words(text: string): readonly Word[] {
  let inMacro = false;
  let start = 0;
  return text.split('\n').flatMap((line) => {
    const offset = start;
    start += line.length + 1;
    if (line.trim() === '') inMacro = false;
    if (inMacro || line.trimStart().startsWith('#')) return [];
    const found = [...line.matchAll(/\S+/g)];
    inMacro = found.some(([word]) => word === 'macdef');
    return found.map(({ index, 0: word }) => ({ text: word, offset: offset + index }));
  });
}

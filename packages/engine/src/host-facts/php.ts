import { DataFault, memberOf, parseJson, textOf } from '@nx-nixpack/data';
import {
  CA_FILE,
  isPublicUrl,
  LENT,
  type ClientFile,
  type HostKnowledge,
  type Lent,
} from './language.js';

const SETTINGS = `${LENT}/php`;
/** Where Composer looks for the settings of root. */
const COMPOSER = '/root/.composer/config.json';

/** PHP's own streams and its curl each have a setting. The colon keeps the directories that were compiled in. */
export const php = ({ caBundle }: HostKnowledge): Lent =>
  caBundle === undefined
    ? {}
    : {
        env: { PHP_INI_SCAN_DIR: `:${SETTINGS}` },
        files: {
          [`${SETTINGS}/host.ini`]: `openssl.cafile=${CA_FILE}\ncurl.cainfo=${CA_FILE}\n`,
        },
      };

/** Repositories of kind `composer` of the settings of the user, and whether the standard one is left out. */
export const composerFile: ClientFile = {
  places: ['.config/composer/config.json', '.composer/config.json'],
  lend: (text) => {
    const repositories = repositoriesIn(text);
    if (Object.keys(repositories).length === 0) return {};
    return { files: { [COMPOSER]: `${JSON.stringify({ repositories }, undefined, 2)}\n` } };
  },
};

function repositoriesIn(text: string): Record<string, unknown> {
  const listed = repositoriesNode(text);
  if (listed?.kind !== 'map') return {};
  const lent = listed.entries.flatMap(({ key, value }): [string, unknown][] => {
    if (value.kind === 'boolean' && value.value === false) return [[key, false]];
    const [type, url] = ['type', 'url'].map((name) => {
      const member = memberOf(value, name);
      return (member && textOf(member)) ?? '';
    });
    return type === 'composer' && isPublicUrl(url ?? '') ? [[key, { type, url }]] : [];
  });
  return lent.some(([, value]) => value !== false) ? Object.fromEntries(lent) : {};
}

function repositoriesNode(text: string) {
  try {
    return memberOf(parseJson(text), 'repositories');
  } catch (error) {
    if (error instanceof DataFault) return undefined; // composer on the host says what is wrong with it
    throw error;
  }
}

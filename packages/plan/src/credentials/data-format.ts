import { isReference, VARIABLE, type CredentialFormat, type Spelled } from './credential-format.js';
import { dataLeaves, type DataLanguage, type Leaf } from './data-leaves.js';
import { urlCredentials } from './url-credentials.js';

/** A file of keys and values, some of which are credentials. */
export interface DataFormat {
  readonly files: RegExp;
  readonly language: DataLanguage;
  /** Keys whose values are credentials; the last is the one that holds the text. */
  readonly secret: (path: readonly string[]) => boolean;
  /** Keys whose values may be URLs with a password; default all. */
  readonly fetched?: (path: readonly string[]) => boolean;
  /** Variables of the format's own. */
  readonly variable?: RegExp;
  readonly instead: string;
}

export const dataFormat = (format: DataFormat): CredentialFormat => ({
  files: format.files,
  find: (text) => dataLeaves(text, format.language).flatMap((leaf) => judge(leaf, format)),
  instead: format.instead,
});

function judge(leaf: Leaf, format: DataFormat): readonly Spelled[] {
  const { path, value, offset } = leaf;
  if (format.secret(path)) {
    const key = path.at(-1) ?? '';
    return isReference(value.replace(format.variable ?? VARIABLE, ''))
      ? []
      : [{ offset, what: `as ${label(key)}` }];
  }
  if (format.fetched?.(path) === false) return [];
  const urls = urlCredentials(value, { any: format.fetched === undefined });
  return urls.slice(0, 1).map(({ what }) => ({ offset, what }));
}

/** A key may be a host, a user or a credential itself; only plain words are repeated. */
const label = (key: string): string => (/^[A-Za-z_-]{1,24}$/.test(key) ? key : 'a credential');

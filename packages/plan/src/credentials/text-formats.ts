import { isReference, type CredentialFormat, type Spelled } from './credential-format.js';
import { HASH_COMMENT, INI_COMMENT, pythonIniEntries, withoutComments } from './ini-entries.js';
import { urlCredentials } from './url-credentials.js';

const NETRC =
  'Name the address without it, and lend a netrc file: settings.nixpack.secrets: { netrc: { env: NETRC_CONTENT } } with build_env: { NETRC: /run/secrets/netrc }';

/** pip expands no variables in its configuration, so the address with the password is the variable. */
export const pipConf: CredentialFormat = {
  files: /(?:^|\/)pip\.(?:conf|ini)$/,
  find: (text) => urlCredentials(withoutComments(text, INI_COMMENT), { any: true }),
  instead:
    'Take it out, and lend the whole address: settings.nixpack.secrets: { PIP_INDEX_URL: { env: PIP_INDEX_URL, as: variable } }',
};

export const pypirc: CredentialFormat = {
  files: /(?:^|\/)\.pypirc$/,
  find: (text) =>
    pythonIniEntries(text).flatMap(({ key, value, offset }): readonly Spelled[] => {
      if (key.toLowerCase() === 'password')
        return isReference(value) ? [] : [{ offset, what: 'as password' }];
      return urlCredentials(value, { any: true })
        .slice(0, 1)
        .map(({ what }) => ({ offset, what }));
    }),
  instead: 'Take the file out of the source; installing packages does not need it',
};

/** pip, and what writes for it. pip puts the value in the place of `${NAME}`. */
export const requirements: CredentialFormat = {
  files:
    /(?:^|\/)(?:[^/]*(?:requirements|constraints)[^/]*\.(?:txt|in)|requirements\/[^/]+\.(?:txt|in)|Pipfile)$/i,
  find: (text) => urlCredentials(withoutComments(text, HASH_COMMENT)),
  instead:
    'Write `${PIP_PASSWORD}` in its place, and name the password under settings.nixpack.secrets: { PIP_PASSWORD: { env: PIP_PASSWORD, as: variable } }',
};

/** Lock files are written by programs, so only the way that the program was called can change. */
export const lockFiles: CredentialFormat = {
  files:
    /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|poetry\.lock|pdm\.lock|uv\.lock|Pipfile\.lock|Cargo\.lock|composer\.lock|Gemfile\.lock)$/,
  find: (text) => {
    const [first, ...others] = urlCredentials(text);
    const what = others.length > 0 ? `in ${others.length + 1} URLs` : 'in a URL';
    return first === undefined ? [] : [{ ...first, what }];
  },
  instead:
    'Configure the registry without the credential in its address, and install again, so that the lock file does not hold it',
};

/** Sources of packages in files that are not data. */
export const manifests: CredentialFormat = {
  files: /(?:^|\/)(?:Gemfile|Cargo\.toml)$/,
  find: (text) => urlCredentials(withoutComments(text, HASH_COMMENT)),
  instead: NETRC,
};

export const git: CredentialFormat = {
  files: /(?:^|\/)\.git(?:-credentials|config|modules)$/,
  find: (text) => urlCredentials(withoutComments(text, INI_COMMENT), { any: true }),
  instead: NETRC,
};

const GRADLE =
  /^(?:systemProp\.https?\.proxyPassword|signing\.password|signingInMemoryKeyPassword|gradle\.publish\.secret)$/;

/** Only names that Gradle and its publishing plugins define: others end in Password and mean a test's database. */
export const gradleProperties: CredentialFormat = {
  files: /(?:^|\/)gradle\.properties$/,
  find: (text) =>
    pythonIniEntries(text).flatMap(({ key, value, offset }): readonly Spelled[] => {
      if (GRADLE.test(key)) return isReference(value) ? [] : [{ offset, what: 'as a password' }];
      return urlCredentials(value)
        .slice(0, 1)
        .map(({ what }) => ({ offset, what }));
    }),
  instead:
    'Take it out, and lend it as a variable: settings.nixpack.secrets: { ORG_GRADLE_PROJECT_<name>: { env: GRADLE_PASSWORD, as: variable, phases: [build] } }',
};

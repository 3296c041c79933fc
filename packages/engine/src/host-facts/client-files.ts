import { isPublicUrl, LENT, type ClientFile, type LentSettings } from './language.js';

/** The value of `name = value` or `name=value` in a file of such lines. */
function setting(text: string, name: string): string | undefined {
  for (const line of text.split('\n')) {
    const [key, ...value] = line.split('=');
    if (key?.trim() === name) return value.join('=').trim();
  }
  return undefined;
}

const variables = (text: string, names: Readonly<Record<string, string>>): LentSettings => {
  const found = Object.entries(names).map(([variable, name]) => [variable, setting(text, name)]);
  const said = found.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { env: Object.fromEntries(said) };
};

export const npmFile: ClientFile = {
  places: ['.npmrc'],
  lend: (text) => variables(text, { npm_config_registry: 'registry' }),
};

export const pipFile: ClientFile = {
  places: ['.config/pip/pip.conf', '/etc/pip.conf'],
  lend: (text) => variables(text, { PIP_INDEX_URL: 'index-url' }),
};

const GO = ['GOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GOPRIVATE'];

export const goFile: ClientFile = {
  places: ['.config/go/env'],
  lend: (text) => variables(text, Object.fromEntries(GO.map((name) => [name, name]))),
};

/** Bundler writes its settings as a YAML map of texts. */
export const bundlerFile: ClientFile = {
  places: ['.bundle/config'],
  lend: (text) => {
    const lines = text.matchAll(/^(BUNDLE_MIRROR__[\w:/.-]+): "?([^"\s]+)"?$/gm);
    const mirrors = [...lines].filter(([, , url = '']) => isPublicUrl(url));
    return { env: Object.fromEntries(mirrors.map(([, name = '', url = '']) => [name, url])) };
  },
};

const SBT = `${LENT}/sbt-repositories`;

/** sbt takes the place of the file from a system property; `local` and `maven-central` are names that it knows. */
export const sbtFile: ClientFile = {
  places: ['.sbt/repositories'],
  lend: (text) => {
    const lines = text
      .split('\n')
      .filter((line) => /^\s*[\w.-]+\s*(?::|$)/.test(line) || line.trim() === '[repositories]');
    const open = lines.filter((line) => {
      const url = /https?:\S+?(?=,|\s|$)/.exec(line)?.[0];
      return url === undefined || isPublicUrl(url);
    });
    if (!open.some((line) => line.includes('://'))) return {};
    const options = `-Dsbt.override.build.repos=true -Dsbt.repository.config=${SBT}`;
    return { env: { SBT_OPTS: options }, files: { [SBT]: `${open.join('\n')}\n` } };
  },
};

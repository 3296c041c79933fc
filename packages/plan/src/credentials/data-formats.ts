import { dataFormat } from './data-format.js';

type Path = readonly string[];
const last = (path: Path): string => path.at(-1) ?? '';
const lent = (name: string): string =>
  `name it under settings.nixpack.secrets: { ${name}: { env: ${name}, as: variable } }`;

/** Yarn 2 and later. Without the fallback, Yarn refuses to run wherever the variable is not set. */
export const yarnrcYml = dataFormat({
  files: /(?:^|\/)\.yarnrc\.yml$/,
  language: 'yaml',
  secret: (path) => /^npmAuth(?:Token|Ident)$/.test(last(path)),
  instead: `Write \`\${NPM_TOKEN-}\` in its place, and ${lent('NPM_TOKEN')}`,
});

export const bunfig = dataFormat({
  files: /(?:^|\/)\.?bunfig\.toml$/,
  language: 'toml',
  secret: (path) => /^(?:token|password)$/.test(last(path)),
  variable: /\$\w+/g,
  instead: `Write "$NPM_TOKEN" in its place, and ${lent('NPM_TOKEN')}`,
});

export const cargo = dataFormat({
  files: /(?:^|\/)\.cargo\/(?:credentials|config)(?:\.toml)?$/,
  language: 'toml',
  secret: (path) => /^(?:token|secret-key)$/.test(last(path)),
  instead:
    'Take it out, and lend the token as the variable that Cargo reads, settings.nixpack.secrets: { CARGO_REGISTRIES_<NAME>_TOKEN: { env: CARGO_TOKEN, as: variable, phases: [build] } }',
});

export const poetryConfig = dataFormat({
  files: /(?:^|\/)poetry\.toml$/,
  language: 'toml',
  secret: (path) =>
    path[0] === 'pypi-token' || (path[0] === 'http-basic' && last(path) === 'password'),
  instead:
    'Take it out, and lend the password as the variable that Poetry reads, settings.nixpack.secrets: { POETRY_HTTP_BASIC_<NAME>_PASSWORD: { env: PYPI_PASSWORD, as: variable } }',
});

export const dockerConfig = dataFormat({
  files: /(?:^|\/)(?:\.docker\/config\.json|\.dockercfg|\.dockerconfigjson)$/,
  language: 'json',
  secret: (path) =>
    /^(?:auth|password|identitytoken|registrytoken)$/.test(last(path)) ||
    (path.includes('HttpHeaders') && /auth|token/i.test(last(path))),
  instead:
    'Take the file out of the source: images are pulled and pushed with the configuration of whoever runs the task',
});

const COMPOSER =
  /^(?:http-basic|bearer|github-oauth|gitlab-oauth|gitlab-token|forgejo-token|bitbucket-oauth)$/;
const COMPOSER_SECRET = /^(?:password|token|consumer-secret)$/;

/** In auth.json the kinds are at the top, in composer.json below config. A host has its token, or a map that names it. */
export const composer = dataFormat({
  files: /(?:^|\/)(?:auth|composer)\.json$/,
  language: 'json',
  secret: ([first = '', ...rest]) => {
    const [kind = '', , key] = first === 'config' ? rest : [first, ...rest];
    return COMPOSER.test(kind) && (key === undefined || COMPOSER_SECRET.test(key));
  },
  fetched: (path) => path.includes('repositories'),
  instead: `Take it out, lend the content of auth.json as the variable that Composer reads, and ${lent('COMPOSER_AUTH')}`,
});

/** The user and password, or the token, of a host; the other keys are options of builds and places. */
export const bundler = dataFormat({
  files: /(?:^|\/)\.bundle\/config$/,
  language: 'yaml',
  secret: (path) => /^BUNDLE_(?!BUILD__|LOCAL__|MIRROR__|PLUGINS__)\w+__\w+$/.test(last(path)),
  instead:
    'Take it out, and lend it as the variable of the same name: settings.nixpack.secrets: { BUNDLE_<HOST>: { env: BUNDLE_TOKEN, as: variable } }',
});

export const gem = dataFormat({
  files: /(?:^|\/)\.gem\/credentials$/,
  language: 'yaml',
  secret: (path) => /_api_key$|^:?rubygems/.test(last(path)),
  instead: 'Take the file out of the source; installing gems needs no API key',
});

const DEPENDENCIES =
  /^(?:dependencies|devDependencies|optionalDependencies|peerDependencies|overrides|resolutions|pnpm|publishConfig)$/;

export const packageJson = dataFormat({
  files: /(?:^|\/)package\.json$/,
  language: 'json',
  secret: () => false,
  fetched: ([first = '']) => DEPENDENCIES.test(first),
  instead:
    'Depend on the address without it; git and npm take the credential from a secret, see docs/concepts/secrets.md',
});

export const pyproject = dataFormat({
  files: /(?:^|\/)(?:pyproject|uv)\.toml$/,
  language: 'toml',
  secret: () => false,
  fetched: (path) =>
    /^(?:url|git|index-url|extra-index-url|find-links|dependencies|requires)$/.test(last(path)) ||
    /(?:^|-)dependenc/.test(path.at(-2) ?? ''),
  instead:
    'Name the address without it, and lend the password as the variable that the tool reads, see docs/concepts/secrets.md',
});

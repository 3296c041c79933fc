import { isObject, type JsonObject, publicText, UserError } from '@nx-nixpack/base';
import { noteAuths } from './note-secrets.js';

/** One Docker `config.json` or containers `auth.json`. */
export interface ConfigFile {
  readonly path: string;
  readonly auths: JsonObject;
  readonly credHelpers: JsonObject;
  readonly credsStore: string | undefined;
}

export interface ConfigPlaces {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  /** Text of a file, undefined when there is none. */
  readonly readFile: (path: string) => string | undefined;
}

/**
 * The files that exist, first match wins: Docker's, then that of the containers tools. DOCKER_CONFIG and
 * REGISTRY_AUTH_FILE take the place of the defaults of their tools. Throws UserError REGISTRY_AUTH for a file that is not a JSON object.
 */
export function readConfigFiles({ env, homeDirectory, readFile }: ConfigPlaces): ConfigFile[] {
  const files: ConfigFile[] = [];
  for (const path of places(env, homeDirectory)) {
    const text = readFile(path);
    if (text !== undefined && text.trim() !== '') files.push(parseConfig(path, text));
  }
  return files;
}

function places(env: ConfigPlaces['env'], home: string): string[] {
  const docker = env['DOCKER_CONFIG'] || (home && `${home}/.docker`);
  const runtime = env['XDG_RUNTIME_DIR'];
  const config = env['XDG_CONFIG_HOME'] || (home && `${home}/.config`);
  const containers = env['REGISTRY_AUTH_FILE']
    ? [env['REGISTRY_AUTH_FILE']]
    : [runtime, config].flatMap((base) => (base ? [`${base}/containers/auth.json`] : []));
  return [...(docker ? [`${docker}/config.json`] : []), ...containers];
}

function parseConfig(path: string, text: string): ConfigFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badConfig(path, 'is not valid JSON');
  }
  if (!isObject(value)) throw badConfig(path, 'is not a JSON object');
  const { credsStore } = value;
  if (credsStore !== undefined && typeof credsStore !== 'string')
    throw badConfig(path, 'has a credsStore that is not text');
  const members = (name: string): JsonObject => {
    const found = value[name] ?? {};
    if (isObject(found)) return found;
    throw badConfig(path, `has ${name} that are not an object`);
  };
  const auths = members('auths');
  noteAuths(auths);
  return {
    path,
    auths,
    credHelpers: members('credHelpers'),
    credsStore: credsStore === '' ? undefined : credsStore,
  };
}

/** A configured credential that cannot be used. Going on without it would hide the mistake. */
export function badConfig(path: string, problem: string): UserError {
  return new UserError({
    code: 'REGISTRY_AUTH',
    message: publicText(`The credentials file ${path} ${problem}`),
    hint: 'Log in again (docker login REGISTRY), or correct the file.',
  });
}

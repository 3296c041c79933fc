import type { Runner } from '@nx-nixpack/base';
import { configAuths } from './config-auths.js';
import { type ConfigFile, type ConfigPlaces, readConfigFiles } from './config-file.js';
import { credentialHelpers } from './credential-helpers.js';
import type { CredentialReader } from './credential-reader.js';
import type { CredentialSource } from './credential-source.js';

/** How credentials are had, in order of preference. */
export const CREDENTIALS: readonly CredentialReader[] = [credentialHelpers, configAuths];

export interface DockerCredentialOptions extends ConfigPlaces {
  readonly runner: Runner;
}

/**
 * Credentials of Docker and of the containers tools: config.json, auth.json and credential helpers. Files are read
 * when the first registry asks for credentials, and once.
 */
export function dockerCredentials(options: DockerCredentialOptions): CredentialSource {
  let files: readonly ConfigFile[] | undefined;
  const context = { runner: options.runner, env: helperEnvironment(options.env) };
  return {
    async find(registry, repository) {
      files ??= readConfigFiles(options);
      for (const file of files)
        for (const reader of CREDENTIALS) {
          const found = await reader.find(file, registry, repository, context);
          if (found) return found;
        }
      return undefined;
    },
  };
}

/** Variables that change which code a program runs; a helper sees all others, because it may need any of them. */
const DANGEROUS =
  /^(?:LD_.*|DYLD_.*|NODE_OPTIONS|BASH_ENV|ENV|IFS|GIT_.*|PYTHONSTARTUP|PERL5OPT|RUBYOPT)$/;

function helperEnvironment(env: ConfigPlaces['env']): Readonly<Record<string, string>> {
  const entries = Object.entries(env).flatMap(([name, value]): [string, string][] =>
    value === undefined || DANGEROUS.test(name) ? [] : [[name, withoutRelative(name, value)]],
  );
  return Object.fromEntries(entries);
}

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A helper is never started from the workspace: no relative part of PATH, none of `node_modules/.bin`. */
function withoutRelative(name: string, value: string): string {
  if (name !== 'PATH') return value;
  const parts = value
    .split(':')
    .filter((part) => part.startsWith('/') && !/\/node_modules\/\.bin\/?$/.test(part));
  // An empty PATH would mean the working directory.
  return parts.length > 0 ? parts.join(':') : SYSTEM_PATH;
}

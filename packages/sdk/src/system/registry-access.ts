import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { silent, type Progress } from '@nx-nixpack/base';
import { dockerCredentials, type RegistryAccess } from '@nx-nixpack/oci';
import { execaRunner } from './execa-runner.js';
import { tokenServers } from './token-servers.js';
import { undiciTransport } from './undici-transport.js';

/**
 * How registries are reached from this machine: its proxies, its Docker credentials, the token servers it trusts. Throws
 * UserError CONFIG_INVALID_VALUE for a setting that cannot be read.
 */
export function registryAccess(progress: Progress = silent, signal?: AbortSignal): RegistryAccess {
  const credentials = dockerCredentials({
    env: process.env,
    homeDirectory: homedir(),
    runner: execaRunner,
    readFile: readIfThere,
  });
  return {
    transport: undiciTransport(),
    credentials,
    progress,
    tokenServers: tokenServers(process.env),
    ...(signal ? { signal } : {}),
  };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw error;
  }
}

import type { Runner } from '@nx-nixpack/base';
import type { ConfigFile } from './config-file.js';
import type { FoundCredentials } from './credential-source.js';

export interface ReaderContext {
  readonly runner: Runner;
  /** Of credential helpers. */
  readonly env: Readonly<Record<string, string>>;
}

/** One way to have credentials, as a config file names it. */
export interface CredentialReader {
  readonly name: string;
  find(
    file: ConfigFile,
    registry: string,
    repository: string,
    context: ReaderContext,
  ): Promise<FoundCredentials | undefined>;
}

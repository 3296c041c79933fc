import type { WorkspacePath } from '@nx-nixpack/base';
import type { WorkspaceFacts } from './rules/components.js';
import type { KnownNames } from './schema/known-names.js';
import type { ToolchainName } from './schema/settings.js';

export interface LoadInput {
  /** As problems and the deployment name it. */
  readonly file: WorkspacePath;
  readonly content: Uint8Array;
  readonly workspace: WorkspaceFacts;
  /** Languages, engines and formats that there are. */
  readonly names: KnownNames;
  /** Variables that `{{ env.<NAME> }}` may name; none by default. */
  readonly allowedEnv?: readonly string[];
  /** Who brings the tools of components that do not say; default `nix`. */
  readonly defaultToolchain?: ToolchainName;
  /** Keys and values that the file may have; default 250,000. Each takes about a kilobyte of memory. */
  readonly maxValues?: number;
}

import type { Position, Problem, WorkspacePath } from '@nx-nixpack/base';
import type { Infer } from '@nx-nixpack/data';
import type { ComponentType } from './schema/component-types.js';
import type { nixpackSettings, ToolchainName } from './schema/settings.js';
import type { TARGET } from './schema/target.js';
import type { baseVars, IMAGE, nixpackVars } from './schema/vars.js';

/** `<type>/<name>`, e.g. `terraform/ecr/api`. */
export type ComponentId = string;

export interface Deployment {
  readonly file: WorkspacePath;
  /** Where the file gives the name. */
  readonly at?: Position;
  readonly name: string;
  readonly description?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly stacks: readonly string[];
  readonly defaultTarget?: string;
  readonly promoteBy: 'digest' | 'tag';
  readonly components: readonly Component[];
  readonly targets: readonly Target[];
  /** What the file says and nothing looks at yet; the deployment is built all the same. */
  readonly unread: readonly Problem[];
}

export type Target = { readonly name: string } & Infer<typeof TARGET>;

interface ComponentBase {
  readonly id: ComponentId;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Resolved: components of this deployment as `<type>/<name>`, of another as `<deployment>:<type>/<name>`. */
  readonly dependsOn: readonly ComponentId[];
  /** Where the file has each entry of `dependsOn`. */
  readonly dependsOnAt?: readonly Position[];
  readonly at: Position;
}

export type Component = NixpackComponent | ConsumerComponent;

/** terraform, helmfile and lambda components: free maps, kept as they are. */
export interface ConsumerComponent extends ComponentBase {
  readonly type: Exclude<ComponentType, 'nixpack'>;
  readonly vars: Readonly<Record<string, unknown>>;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, unknown>>;
}

export interface NixpackComponent extends ComponentBase {
  readonly type: 'nixpack';
  readonly vars: NixpackVars;
  /** Where the file has each name of `pkgs` and `libs`. */
  readonly packagesAt?: ReadonlyMap<string, Position>;
  readonly settings: NixpackSettings;
}

/** `vars`, its keys in camelCase: schema/vars.ts says what each means. Paths are normalized; '' is the root. */
export type NixpackVars = Omit<VarsYaml, 'source' | 'base'> & (Sourced | Base);
type VarsYaml = Infer<ReturnType<typeof nixpackVars>>;

/** Built from a directory of the workspace. */
interface Sourced {
  readonly source: WorkspacePath;
  readonly base?: undefined;
}

/** A base for other images: composed, without a source. */
interface Base {
  readonly source?: undefined;
  readonly base: BaseVars;
}

export type BaseVars = Infer<ReturnType<typeof baseVars>>;
export type ImageVars = Infer<typeof IMAGE>;
/** `settings.nixpack`, its keys in camelCase: schema/settings.ts says what each means. */
export type NixpackSettings = SettingsYaml & { readonly toolchain: ToolchainName };
type SettingsYaml = Infer<ReturnType<typeof nixpackSettings>>;

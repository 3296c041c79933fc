import type { Position } from '@nx-nixpack/base';

export type ComponentType = 'nixpack' | 'terraform' | 'helmfile' | 'lambda';
/** `<type>/<name>`, e.g. `terraform/ecr/api`. */
export type ComponentId = string;
export type SbomFormat = 'cyclonedx-json' | 'spdx-json';
export type EngineName = 'auto' | 'embedded' | 'buildkit' | 'buildah';

export interface Deployment {
  /** Path of the file, relative to the workspace root, forward slashes. */
  readonly file: string;
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
}

export interface Target {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly context: Readonly<Record<string, unknown>>;
  readonly promotion?: { readonly from?: string; readonly requiresApproval: boolean };
}

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
  readonly settings: NixpackSettings;
}

export interface NixpackVars {
  /** Relative to the workspace root, normalised, forward slashes, no leading `./`; '' is the root itself. */
  readonly source: string;
  readonly installCmd?: string;
  readonly buildCmd?: string;
  readonly startCmd?: string;
  readonly pkgs: readonly string[];
  readonly aptPkgs: readonly string[];
  readonly libs: readonly string[];
  readonly providers?: readonly string[];
  readonly config?: string;
  readonly workspace: 'auto' | 'off' | 'whole';
  readonly include: readonly string[];
  readonly prebuilt?: { readonly target: string; readonly path: string };
  readonly buildEnv: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly image: ImageVars;
}

export interface ImageVars {
  readonly registry?: string;
  readonly name?: string;
  /** Unrendered template; default `{{ git.sha }}`, with `-dirty` for uncommitted changes. */
  readonly tag?: string;
  readonly tags: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
}

export interface NixpackSettings {
  readonly publish: boolean;
  readonly dockerfileEscape: boolean;
  readonly sbom: { readonly require: boolean; readonly formats: readonly SbomFormat[] };
  readonly engine: EngineName;
  readonly buildImage?: string;
  readonly runImage?: string;
  readonly toolchain: 'nix' | 'base';
  readonly platforms: readonly ('linux/amd64' | 'linux/arm64')[];
  /** `uid:gid`, default `65532:65532`. */
  readonly user: string;
  /** Network access by phase name; default true. */
  readonly network: Readonly<Record<string, boolean>>;
  readonly devDependencies: 'keep' | 'drop' | 'auto';
  readonly requireLock: boolean;
  /** By name. */
  readonly secrets: Readonly<Record<string, Secret>>;
}

/** A value of the environment that phases use and nothing stores. */
export interface Secret {
  /** The environment variable it is read from. */
  readonly env: string;
  /** How a phase gets it: as the file /run/secrets/<name>, or as the variable <name>. */
  readonly as: 'file' | 'variable';
  /** The phases that get it; absent when all do. */
  readonly phases?: readonly string[];
}

import { type Platform } from '@nx-nixpack/data';
import type { DevDependencies } from '@nx-nixpack/engine';
import type { BuildPlan, Hints } from '@nx-nixpack/plan';
import type { Digest } from '@nx-nixpack/oci';
import type { EngineName, SbomFormat, Secret } from '@nx-nixpack/deployment';

/** Raised when the same plan must give another image, so that no cached result of before is used. */
export const COMPAT_VERSION = 1;

/** A base image as the plan names it: a reference of a registry, `oci:PATH`, or the image of another component. */
export interface BasePin {
  readonly reference: string;
  /** Absent only for the image of another component, which is built in the same run. */
  readonly digest?: Digest;
  /** Name of the nixpack component (same deployment) whose image this is. */
  readonly component?: string;
}

/** plan.json: everything the image depends on and nothing else. It is the cache key of the image. */
export interface PlanRecord {
  readonly schemaVersion: 1;
  readonly compatVersion: number;
  readonly deployment: string;
  readonly component: string;
  readonly providers: readonly string[];
  readonly plan: BuildPlan;
  readonly hints: Hints;
  readonly source: {
    readonly directory: string;
    readonly workspace: 'auto' | 'off' | 'whole';
    readonly include: readonly string[];
    readonly digest: Digest;
    /** Where the source lies below /app; '' when it stands alone. */
    readonly placedAt: string;
    /** The libraries of the workspace that are in the image. */
    readonly members: readonly { readonly directory: string; readonly name: string }[];
    /** Edges of Nx's project graph that manifests do not show. */
    readonly edges: readonly { readonly from: string; readonly to: string; readonly why: string }[];
  };
  readonly bases: { readonly build: BasePin; readonly run?: BasePin };
  readonly settings: ImageSettings;
}

export interface ImageSettings {
  readonly toolchain: 'nix' | 'base';
  readonly platforms: readonly Platform[];
  readonly user: string;
  readonly env: Readonly<Record<string, string>>;
  readonly buildEnv: Readonly<Record<string, string>>;
  readonly network: Readonly<Record<string, boolean>>;
  readonly devDependencies: DevDependencies;
  readonly ports: readonly number[];
  readonly labels: Readonly<Record<string, string>>;
  /** How secrets are called, where they are read from and who gets them; never a value. */
  readonly secrets: Readonly<Record<string, Secret>>;
  /** Seconds since 1970. */
  readonly created: number;
}

/** publish.json: where the image goes. Templates stay unrendered. */
export interface PublishRecord {
  readonly schemaVersion: 1;
  /** Of the plan.json that was written with it. */
  readonly planDigest: Digest;
  readonly deployment: string;
  readonly component: string;
  readonly publish: boolean;
  readonly registry?: string;
  readonly name?: string;
  readonly tags: readonly string[];
  /** True when the tag is our default, which gets `-dirty` for uncommitted changes. */
  readonly defaultTag: boolean;
  /** Labels that name git, target or context: annotations of the push record, never in the image. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly defaultTarget?: string;
  readonly targets: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** sbom-settings.json: which SBOMs are written. */
export interface SbomSettingsRecord {
  readonly schemaVersion: 1;
  /** Of the plan.json that was written with it. */
  readonly planDigest: Digest;
  readonly formats: readonly SbomFormat[];
  readonly require: boolean;
}

/** image.json, written last: what build-image made. */
export interface ImageRecord {
  readonly schemaVersion: 1;
  readonly deployment: string;
  readonly component: string;
  readonly provider: string;
  /** The engine that made it, never the wish for any. */
  readonly engine: Exclude<EngineName, 'auto'>;
  readonly digest: Digest;
  readonly mediaType: string;
  /** Bytes of manifest, configuration and layers as pushed. */
  readonly size: number;
  readonly platforms: readonly { readonly platform: Platform; readonly digest: Digest }[];
  /** The base that was built on. */
  readonly base: { readonly ref: string; readonly digest: Digest };
  /** The base that the image starts with, where that is another one. */
  readonly runBase?: { readonly ref: string; readonly digest: Digest };
  readonly layers: readonly {
    readonly digest: Digest;
    readonly diffId: Digest;
    readonly size: number;
    readonly mediaType: string;
    readonly name?: string;
    readonly origin: 'base' | 'own';
  }[];
  readonly sourceDigest: Digest;
  readonly planDigest: Digest;
  readonly compatVersion: number;
}

/** sbom.json: the documents of one image. */
export interface SbomRecord {
  readonly schemaVersion: 1;
  readonly deployment: string;
  readonly component: string;
  readonly imageDigest: Digest;
  readonly planDigest: Digest;
  readonly documents: readonly {
    readonly format: SbomFormat;
    readonly path: string;
    readonly digest: Digest;
  }[];
  readonly packages: number;
  readonly packagesByType: Readonly<Record<string, number>>;
  readonly completeness: Readonly<Record<string, string>>;
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

/** push/<target>.json. */
export interface PushRecord {
  readonly schemaVersion: 1;
  readonly deployment: string;
  readonly component: string;
  readonly target: string;
  /** Registry and repository with the digest: what a consumer is bound to. */
  readonly reference: string;
  readonly registry: string;
  readonly repository: string;
  readonly digest: Digest;
  readonly tags: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly referrers: readonly string[];
}

import { type Platform } from '@nx-nixpack/data';
import type { FileTree, Progress } from '@nx-nixpack/base';
import type { Digest, Image } from '@nx-nixpack/oci';
import type { BaseName, Recipe, SecretName } from '../recipe/recipe.js';

export type Readiness =
  | { readonly ready: true }
  | { readonly ready: false; readonly reason: string; readonly hint: string };

/** What a build may take over from the machine it runs on. Never part of a key, a layer or a log. */
export interface HostNetwork {
  /** Contents of /etc/resolv.conf and /etc/hosts during the steps that have network. */
  readonly resolvConf: string;
  readonly hosts: string;
  /** PEM bundle that replaces the trusted certificates during the build, at /run/secrets/ca.crt. */
  readonly caBundle?: Uint8Array;
  /** Registry mirrors and proxies: npm_config_registry, PIP_INDEX_URL, GOPROXY, https_proxy, … */
  readonly env: Readonly<Record<string, string>>;
  /** Settings of clients that take mirrors from files alone, by path in the step. They vanish with it. */
  readonly files?: Readonly<Record<string, string>>;
  /** apt sources (deb822 or one-line) that replace the base's during the build. */
  readonly aptSources: readonly { readonly name: string; readonly content: string }[];
  /** Ports of this machine's loopback that steps with network may reach, on their own loopback; no others are. */
  readonly loopbackPorts: readonly number[];
}

export interface BuildRequest {
  readonly recipe: Recipe;
  readonly source: FileTree;
  readonly bases: Readonly<Partial<Record<BaseName, Image>>>;
  readonly platform: Platform;
  /** The blob of the store that holds each archive of the recipe, by the archive's id. Default: none. */
  readonly archives?: ReadonlyMap<string, Digest>;
  /** Absolute path of the persistent content store. */
  readonly storeDirectory: string;
  readonly secrets: ReadonlyMap<SecretName, Uint8Array>;
  readonly host: HostNetwork;
  /** Compare the content of all that is taken from the store, and make anew what can be made from it. Default: no. */
  readonly verify?: boolean;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface BuildOutcome {
  readonly image: Image;
  /** For each step of each stage: whether its result was in the store. */
  readonly steps: readonly {
    readonly title: string;
    readonly cached: boolean;
    readonly seconds: number;
  }[];
}

/** Turns a request into an image. Everything an engine starts, it also stops before it returns. */
export interface Engine {
  readonly name: string;
  /** Whether this machine can run the engine. Reports a problem; never throws. */
  probe(): Promise<Readiness>;
  build(request: BuildRequest): Promise<BuildOutcome>;
}

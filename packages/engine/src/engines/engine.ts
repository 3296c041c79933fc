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

/** How an image that was built is started once, to see whether it runs. */
export interface StartOptions {
  /** Variables over those of the image. */
  readonly env: Readonly<Record<string, string>>;
  /** A line for the image's own interpreter in place of its start command; its end is waited for. */
  readonly command?: string;
  /** Ports of which one is waited for; none: whatever it listens on. */
  readonly ports: readonly number[];
  /** Path that is asked for. */
  readonly path: string;
  /** How long a program may take to answer on a port of `ports`, or to end with `command`. */
  readonly seconds: number;
  /** How long it must do nothing until it counts as started when no port is waited for, or it listens on others only. */
  readonly quiet: number;
}

export interface StartRequest extends BuildRequest {
  readonly start: StartOptions;
}

/** An address and port that the started program accepts connections on. */
export interface Listener {
  readonly address: string;
  readonly port: number;
}

export interface HttpAnswer extends Listener {
  /** Absent when what came is no HTTP, or the connection was closed. */
  readonly status?: number;
}

/** What was seen of a program before everything of it was stopped. */
export interface StartOutcome {
  /** Absent: it was still running. 128 + N is signal N. */
  readonly exitCode?: number;
  readonly seconds: number;
  readonly listeners: readonly Listener[];
  /** Absent: nothing came back from any port that was asked. */
  readonly answer?: HttpAnswer;
  /** The last lines that it printed, without secrets; not sanitized. */
  readonly lines: readonly string[];
}

/** Turns a request into an image. Everything an engine starts, it also stops before it returns. */
export interface Engine {
  readonly name: string;
  /** Whether this machine can run the engine. Reports a problem; never throws. */
  probe(): Promise<Readiness>;
  build(request: BuildRequest): Promise<BuildOutcome>;
  /**
   * Starts what `build` made of the same request as its user, without network but a loopback, and throws away what it
   * writes. Absent: the engine cannot.
   */
  start?(request: StartRequest): Promise<StartOutcome>;
}

import { list, mapOf, oneOf, optional, struct } from '@nx-nixpack/data';
import { provision } from '@nx-nixpack/engine/provision';
import { lowerSettings } from '@nx-nixpack/engine/settings';
import { recordCodec, type RecordOf } from './codec.js';
import { count, digest, path, perPlatform, pin, string, stringMap, strings } from './fields.js';

const phase = struct({
  name: optional(string),
  dependsOn: optional(strings),
  nixPkgs: optional(strings),
  nixLibs: optional(strings),
  nixOverlays: optional(strings),
  nixpkgsArchive: optional(string),
  aptPkgs: optional(strings),
  cmds: optional(strings),
  onlyIncludeFiles: optional(strings),
  cacheDirectories: optional(strings),
  paths: optional(strings),
});

const start = struct({
  cmd: optional(string),
  runImage: optional(string),
  onlyIncludeFiles: optional(strings),
  user: optional(string),
});

const plan = struct({
  providers: optional(strings),
  buildImage: optional(string),
  variables: optional(stringMap),
  staticAssets: optional(stringMap),
  phases: optional(mapOf(string, phase)),
  start: optional(start),
});

const hints = struct({
  installInputs: optional(strings),
  installFiles: optional(strings),
  installInputsReason: optional(string),
  setupCommands: optional(strings),
  outputs: optional(strings),
  buildPackages: optional(strings),
  writable: optional(strings),
  ports: optional(list(count)),
  dropDevDependencies: optional(string),
  keepDevDependencies: optional(string),
  dependencyDirectories: optional(strings),
  runtimes: optional(
    list(
      struct({
        name: string,
        version: optional(string),
        from: optional(string),
        parts: optional(strings),
      }),
    ),
  ),
});

const source = struct({
  directory: path,
  workspace: oneOf('auto', 'off', 'whole'),
  include: strings,
  digest,
  /** The libraries of the workspace that are in the image. */
  members: list(struct({ directory: path, name: string })),
  /** Edges of Nx's project graph that manifests do not show. */
  edges: list(struct({ from: string, to: string, why: string })),
});

/** plan.json: everything the image depends on and nothing else. It is the cache key of the image. */
export const planRecord = recordCodec({
  task: 'plan-image',
  schemaVersion: 2,
  fields: {
    deployment: string,
    component: string,
    /** What a base is asked to bring; it has no source. */
    base: optional(struct({ runtimes: stringMap, purpose: oneOf('build', 'run') })),
    source,
    /** The environment variable that each secret is read from, never its value. */
    secrets: stringMap,
    platforms: perPlatform(
      struct({
        providers: strings,
        plan,
        hints,
        /** `build` is absent where the base is composed of the packages of `provision`. */
        bases: struct({ build: optional(pin), run: optional(pin) }),
        /** What planning guessed, one line each, for whoever looks for the cause of a failure. */
        guesses: strings,
        /** What lowering takes besides the plan, as it takes it. */
        settings: lowerSettings,
        /** What the toolchain brings, when it resolves that at planning. */
        provision: optional(provision),
      }),
    ),
  },
});

export type PlanRecord = RecordOf<typeof planRecord>;
/** What is planned for one platform. */
export type PlatformPlan = PlanRecord['platforms'][string];
export type BasePin = NonNullable<PlatformPlan['bases']['build']>;

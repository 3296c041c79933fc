import { type Platform } from '@nx-nixpack/data';
import {
  secretsRead,
  silent,
  UserError,
  type Position,
  type Problem,
  type Progress,
} from '@nx-nixpack/base';
import {
  checkFit,
  chooseEngine,
  lower,
  type BuildOutcome,
  type BuildRequest,
  type Engine,
  type HostNetwork,
  type Recipe,
} from '@nx-nixpack/engine';
import type { Archive } from '@nx-nixpack/channels';
import type { Digest, RegistryAccess } from '@nx-nixpack/oci';
import { composedBase, type FetchArchives } from '../../bases/compose-base.js';
import { isStoreCorrupt, openBases, type OpenedBase } from '../../bases/open-bases.js';
import { engines } from './engines.js';
import { imageOf, type ImageRecord, type Made } from '../../records/image.js';
import type { PlanRecord, PlatformPlan } from '../../records/plan.js';
import { onlyPlatform } from '../../records/platforms.js';
import { leaveImage } from '../../results/leave-image.js';
import { nameLeftOutFiles } from './left-out-files.js';
import { plannedSource } from '../../source/planned-source.js';
import { readPlanned, type Planned, type PlannedRequest } from '../../results/read-planned.js';
import { KEY_VARIABLES, type SealOptions } from '../../results/seal.js';
import type { SourceContext } from '../../source/source-context.js';
import { smokeTest } from '../../smoke/smoke-test.js';
import { diskTree } from '../../system/disk-tree.js';

export interface BuildImageRequest extends PlannedRequest, SealOptions {
  readonly storeDirectory: string;
  readonly host: HostNetwork;
  /** Where secrets are read from, and the key that results are signed with. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly access: RegistryAccess;
  /** Brings what the plan names into the store; a plan that names something needs it. */
  readonly fetchArchives?: FetchArchives;
  /** The engines to choose from. Default: all that there are. */
  readonly engines?: readonly Engine[];
  /** Compare the content of all that comes from the store, instead of inodes and times. Default: no. */
  readonly verify?: boolean;
  readonly progress?: Progress;
  readonly signal: AbortSignal;
}

export interface BuiltComponent {
  readonly record: ImageRecord;
  readonly steps: BuildOutcome['steps'];
  readonly seconds: number;
}

/**
 * Builds the image that plan.json describes and leaves it as an OCI layout with its record, written last. Throws
 * SOURCE_CHANGED when the source is no longer what was planned, COMMAND_FAILED when a command of the build fails.
 */
export async function buildImage(request: BuildImageRequest): Promise<BuiltComponent> {
  const started = performance.now();
  const { workspaceRoot, progress = silent } = request;
  const planned = await readPlanned(request);
  const { plan } = planned;
  const source = plannedSource(workspaceRoot, plan);
  const { at } = planned.described.component;
  const { engine: name } = planned.buildSettings;
  const all = request.engines ?? engines(request.storeDirectory);
  const engine = await placed(at, () => chooseEngine(name, all, progress.warn));
  const [platform, platformPlan] = onlyPlatform(plan.platforms);
  progress.step(
    `build    ${plan.deployment}/${plan.component}: ${platformPlan.providers.join(', ')}, engine ${engine.name}`,
  );
  for (const guess of platformPlan.guesses) progress.step(`guess    ${guess}`);
  const { fetchArchives = fetchNothing } = request;
  const ports = { ...request, engine, platform, progress, fetchArchives };
  const compose = (packages: readonly Archive[]) => composedBase(packages, ports);
  return mended(progress, async () => {
    const bases = await placed(at, () => openBases(planned, { ...request, platform, compose }));
    try {
      const recipe = await placed(at, () => recipeOf(platformPlan, bases));
      await placed(at, () => requireFit(platformPlan, recipe, bases));
      const secrets = await placed(at, () => readSecrets(plan, request.environment));
      const archives = await placed(at, () => fetchArchives(usedArchives(platformPlan)));
      const prepared = { recipe, source, platform, bases, secrets, archives };
      const build = buildRequest(request, prepared);
      const outcome = await engine
        .build(build)
        .catch(withLeftOutFiles(workspaceRoot, plan, source));
      const test = { engine, request: build, settings: planned.smokeSettings, plan, progress };
      const files = { tree: source.tree, directory: plannedDirectory(plan, source) };
      await placed(at, () => smokeTest({ ...test, platform: platformPlan, source: files }));
      const record = imageOf(madeBy(planned, bases), outcome.image);
      await leaveImage(outcome.image, record, platformPlan, request);
      return { record, steps: outcome.steps, seconds: (performance.now() - started) / 1000 };
    } finally {
      bases.build.close();
      bases.run?.close();
    }
  });
}

/** What the deployment file asks for and cannot be had stands where the file has the component. */
async function placed<T>(at: Position, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof UserError ? error.placedAt(at) : error;
  }
}

/** Files that a command missed are looked for in the workspace. */
const withLeftOutFiles =
  (workspaceRoot: string, plan: PlanRecord, { tree, closure }: SourceContext) =>
  (error: unknown): never => {
    const place = { tree, source: plan.source.directory, isWorkspace: closure !== undefined };
    throw nameLeftOutFiles(error, { ...place, workspace: diskTree(workspaceRoot) });
  };

/** Once more from the bases on when the store turned out to be damaged: whatever it found, it removed. */
async function mended<T>(progress: Progress, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isStoreCorrupt(error)) throw error;
    progress.warn(`${error.message}; it is made again`);
    return work();
  }
}

const madeBy = (planned: Planned, { build, run }: Bases): Made => ({
  ...planned,
  bases: { build: build.image.digest, run: run?.image.digest },
});

function recipeOf({ plan, hints, settings, provision }: PlatformPlan, bases: Bases): Recipe {
  const facts = {
    build: bases.build.facts,
    ...(bases.run ? { run: bases.run.facts } : {}),
  };
  return lower(plan, hints, settings, facts, { provision });
}

/** For builds whose plans need nothing. */
const fetchNothing: FetchArchives = (archives) => {
  const [first] = archives;
  if (first === undefined) return Promise.resolve(new Map());
  throw new Error(`nobody was given who fetches ${first.id}`);
};

/** What steps of the recipe read; the packages of a base are fetched when it is composed. */
function usedArchives({ provision }: PlatformPlan): readonly Archive[] {
  if (provision === undefined) return [];
  const { run, build, runtimes } = provision;
  return [...run, ...build, ...runtimes.flatMap(({ archives }) => archives)];
}

/** Other toolchains bring what the plan needs. */
function requireFit({ hints, settings }: PlatformPlan, recipe: Recipe, bases: Bases): void {
  if (settings.toolchain !== 'base') return;
  const { build, run } = bases;
  checkFit(recipe, hints, { build: build.facts, ...(run && { run: run.facts }) });
}

interface Bases {
  readonly build: OpenedBase;
  readonly run?: OpenedBase;
}

interface Prepared {
  readonly recipe: Recipe;
  readonly source: SourceContext;
  readonly platform: Platform;
  readonly bases: Bases;
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  readonly archives: ReadonlyMap<string, Digest>;
}

function buildRequest(request: BuildImageRequest, prepared: Prepared): BuildRequest {
  const { recipe, source, platform, bases, secrets, archives } = prepared;
  return {
    recipe,
    source: source.tree,
    bases: { build: bases.build.image, ...(bases.run ? { run: bases.run.image } : {}) },
    platform,
    storeDirectory: request.storeDirectory,
    secrets,
    archives,
    host: request.host,
    ...(request.verify === undefined ? {} : { verify: request.verify }),
    progress: request.progress ?? silent,
    signal: request.signal,
  };
}

/** Where the source lies in what is built. */
const plannedDirectory = ({ source }: PlanRecord, { closure }: SourceContext): string =>
  closure === undefined ? '' : source.directory;

function readSecrets(
  plan: PlanRecord,
  environment: BuildImageRequest['environment'],
): Map<string, Uint8Array> {
  const secrets = Object.entries(plan.secrets);
  const valueOf = (env: string): string | undefined =>
    KEY_VARIABLES.includes(env) ? undefined : environment[env];
  const missing = secrets.filter(([, env]) => valueOf(env) === undefined);
  if (missing.length > 0) throw UserError.of(missing.map(([name, env]) => unsetSecret(name, env)));
  const values = secrets.map(([name, env]) => [name, valueOf(env) ?? ''] as const);
  for (const [, value] of values) secretsRead.add(value);
  return new Map(values.map(([name, value]) => [name, Buffer.from(value)]));
}

const unsetSecret = (name: string, env: string): Problem => ({
  code: 'SECRET_MISSING',
  message: `The secret ${name} is read from ${env}, which is not set`,
  hint: `Set ${env} in the environment of the task.`,
});

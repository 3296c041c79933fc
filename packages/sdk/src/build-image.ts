import { dirname } from 'node:path';
import { secretsRead, silent, UserError, type Problem, type Progress } from '@nx-nixpack/base';
import {
  chooseEngine,
  lower,
  type BuildOutcome,
  type Engine,
  type HostNetwork,
  type Recipe,
} from '@nx-nixpack/engine';
import { digestOf, type Platform, type RegistryAccess } from '@nx-nixpack/oci';
import { isStoreCorrupt, openBases, type OpenedBase } from './bases.js';
import { engines } from './engines.js';
import { imageRecord, leaveImage } from './image-record.js';
import { lowerSettings } from './lower-settings.js';
import { componentOutputs, readRecord } from './outputs.js';
import type { ImageRecord, PlanRecord } from './records.js';
import { sourceContext, type SourceContext } from './source-context.js';

export interface BuildImageRequest {
  readonly workspaceRoot: string;
  readonly deployment: string;
  readonly component: string;
  readonly storeDirectory: string;
  readonly host: HostNetwork;
  /** Where secrets are read from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly access: RegistryAccess;
  /** `auto` unless the deployment file names one. */
  readonly engine?: string;
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
  const outputs = componentOutputs(workspaceRoot, request.deployment, request.component);
  const { record: plan, bytes } = readRecord<PlanRecord>(outputs.plan, 'plan-image');
  const source = plannedSource(workspaceRoot, plan);
  const engine = await chooseEngine(
    request.engine ?? 'auto',
    engines(request.storeDirectory),
    progress.warn,
  );
  const platform = plan.settings.platforms[0] ?? 'linux/amd64';
  progress.step(
    `build    ${plan.deployment}/${plan.component}: ${plan.providers.join(', ')}, engine ${engine.name}`,
  );
  const { outcome, bases } = await mended(progress, async () => {
    const bases = await openBases(plan, { ...request, platform });
    const recipe = recipeOf(plan, bases);
    return {
      outcome: await run(engine, request, { recipe, source, platform, bases, plan }),
      bases,
    };
  });
  const record = imageRecord(plan, digestOf(bytes), engine, outcome.image, bases.build);
  await leaveImage(outcome.image, record, dirname(outputs.image));
  return { record, steps: outcome.steps, seconds: (performance.now() - started) / 1000 };
}

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

/** The source as it is now, which must be what plan.json was made from: otherwise the cache key would lie. */
function plannedSource(workspaceRoot: string, plan: PlanRecord): SourceContext {
  const { directory, workspace, include, edges, digest } = plan.source;
  const context = sourceContext({
    workspaceRoot,
    source: directory,
    workspace,
    include,
    extraEdges: edges,
  });
  if (context.digest === digest) return context;
  throw new UserError({
    code: 'SOURCE_CHANGED',
    message: `The source of ${plan.component} changed after it was planned`,
    hint: 'Run the task again.',
  });
}

function recipeOf(plan: PlanRecord, bases: Bases): Recipe {
  return lower(plan.plan, plan.hints, lowerSettings(plan), {
    build: bases.build.facts,
    ...(bases.run ? { run: bases.run.facts } : {}),
  });
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
  readonly plan: PlanRecord;
}

function run(
  engine: Engine,
  request: BuildImageRequest,
  prepared: Prepared,
): Promise<BuildOutcome> {
  const { recipe, source, platform, bases, plan } = prepared;
  return engine.build({
    recipe,
    source: source.tree,
    bases: { build: bases.build.image, ...(bases.run ? { run: bases.run.image } : {}) },
    platform,
    storeDirectory: request.storeDirectory,
    secrets: readSecrets(plan, request.environment),
    host: request.host,
    ...(request.verify === undefined ? {} : { verify: request.verify }),
    progress: request.progress ?? silent,
    signal: request.signal,
  });
}

function readSecrets(
  plan: PlanRecord,
  environment: BuildImageRequest['environment'],
): Map<string, Uint8Array> {
  const secrets = Object.entries(plan.settings.secrets);
  const missing = secrets.filter(([, { env }]) => environment[env] === undefined);
  if (missing.length > 0)
    throw UserError.of(missing.map(([name, { env }]) => unsetSecret(name, env)));
  for (const [, { env }] of secrets) secretsRead.add(environment[env] ?? '');
  return new Map(secrets.map(([name, { env }]) => [name, Buffer.from(environment[env] ?? '')]));
}

const unsetSecret = (name: string, env: string): Problem => ({
  code: 'CONFIG_INVALID_VALUE',
  message: `The secret ${name} is read from ${env}, which is not set`,
  hint: `Set ${env} in the environment of the task.`,
});

/** The summary that ends the task; the digest is its last line. */
export function describeBuild({ record, steps, seconds }: BuiltComponent): string {
  const cached = steps.filter((step) => step.cached).length;
  const layers = record.layers
    .filter(({ origin }) => origin === 'own')
    .map(
      ({ name, size, digest }) =>
        `  ${(name ?? 'layer').padEnd(13)} ${megabytes(size)}  ${digest.slice(0, 19)}…`,
    );
  return [
    `built ${record.deployment}/${record.component} in ${seconds.toFixed(1)} s: ${steps.length} steps, ${cached} from the store`,
    ...layers,
    `  image         ${megabytes(record.size)}`,
    record.digest,
  ].join('\n');
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`.padStart(9);

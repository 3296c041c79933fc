import { basename, dirname, join } from 'node:path';
import { canonicalJson, silent, UserError, type FileTree, type Progress } from '@nx-nixpack/base';
import type { Deployment, NixpackComponent } from '@nx-nixpack/deployment';
import {
  generatePlan,
  lift,
  type BuildPlan,
  type Edge,
  type Explanation,
  type Member,
} from '@nx-nixpack/plan';
import { digestOf, type RegistryAccess } from '@nx-nixpack/oci';
import { componentOutputs, writeRecord } from '../../records/outputs.js';
import { LOCK_FILE, pinBase } from '../../bases/pin-bases.js';
import { callerPlan } from './caller-plan.js';
import { refuseSecretsForNobody } from './check-secrets.js';
import {
  COMPAT_VERSION,
  type ImageSettings,
  type PlanRecord,
  type PublishRecord,
  type SbomSettingsRecord,
} from '../../records/records.js';
import { imageSettings, literals } from './image-settings.js';
import { PreparedFolder } from '../../results/prepared-folder.js';
import { publishRecord } from '../../records/publish.js';
import { sbomSettingsRecord } from '../../records/sbom-settings.js';
import { sourceContext, type SourceContext } from '../../source/source-context.js';
import { sourceRecord } from '../../records/source.js';

export interface PlanImageRequest {
  readonly workspaceRoot: string;
  readonly deployment: Deployment;
  readonly component: NixpackComponent;
  /** Dependencies between directories that manifests do not show, e.g. from Nx's project graph. */
  readonly edges?: readonly Edge[];
  /** The workspace's files, to list them once for several components. */
  readonly files?: FileTree;
  readonly access: RegistryAccess;
  readonly progress?: Progress;
}

export interface PlannedImage {
  readonly plan: PlanRecord;
  readonly publish: PublishRecord;
  readonly sbomSettings: SbomSettingsRecord;
  readonly explanation: Explanation;
  /** The libraries of the workspace that belong to the image, and why. */
  readonly members: readonly Member[];
}

/**
 * Plans one component: what will be built, from which bytes, on which base. Starts no process; opens a connection only
 * for a base image that nothing pins. Throws UserError for whatever the user can mend.
 */
export async function planImage(request: PlanImageRequest): Promise<PlannedImage> {
  const { deployment, component, progress = silent } = request;
  refuseUnsupported(component);
  const context = readSource(request);
  for (const problem of context.problems) progress.warn(`${problem.message}. ${problem.hint}`);
  const generated = generatePlan(context.planTree, planOptions(deployment, component));
  const { plan, hints } = context.closure ? lift(generated, context.closure) : generated;
  requireStart(plan, component);
  refuseSecretsForNobody(plan, component);
  const settings = imageSettings(deployment, component, hints, context, plan);
  const record: PlanRecord = {
    schemaVersion: 1,
    compatVersion: COMPAT_VERSION,
    deployment: deployment.name,
    component: component.name,
    providers: generated.providers,
    plan,
    hints,
    source: sourceRecord(component, context, request.edges ?? []),
    bases: await pinBases(request, plan, settings, progress),
    settings,
  };
  const planDigest = digestOf(canonicalJson(record));
  return {
    plan: record,
    publish: publishRecord(deployment, component, planDigest),
    sbomSettings: sbomSettingsRecord(component, planDigest),
    explanation: generated.explanation,
    members: context.closure?.members ?? [],
  };
}

/** What other issues bring: said before any work is done. */
function refuseUnsupported(component: NixpackComponent): void {
  const { settings, vars, at } = component;
  const refuse = (what: string, hint: string): never => {
    throw new UserError({ code: 'UNSUPPORTED', message: `${component.id}: ${what}`, hint, at });
  };
  if (settings.platforms.length > 1)
    refuse('images for several platforms are not supported yet', 'Name one platform.');
  if (vars.prebuilt)
    refuse('prebuilt is not supported yet', 'Leave prebuilt out; the image builds the source.');
  if (settings.dockerfileEscape)
    refuse(
      'dockerfile_escape is not supported yet',
      'Leave it out; the source is planned without a Dockerfile.',
    );
}

function readSource({
  workspaceRoot,
  component,
  edges = [],
  files,
}: PlanImageRequest): SourceContext {
  const { source, workspace, include } = component.vars;
  return sourceContext({
    workspaceRoot,
    source,
    workspace,
    include,
    extraEdges: edges,
    ...(files ? { files } : {}),
  });
}

function planOptions(
  deployment: Deployment,
  component: NixpackComponent,
): Parameters<typeof generatePlan>[1] {
  const { buildEnv, env, config } = component.vars;
  const variables = {
    ...literals(buildEnv, deployment, component),
    ...literals(env, deployment, component),
  };
  return {
    // An empty value means "copy from the process" to nixpacks, and planning reads no process environment.
    env: Object.entries(variables).flatMap(([name, value]) =>
      value === '' ? [] : [`${name}=${value}`],
    ),
    ...(config === undefined ? {} : { configFile: config }),
    plan: callerPlan(component),
    arch: component.settings.platforms[0] === 'linux/arm64' ? 'aarch64' : 'x86_64',
  };
}

function requireStart(plan: BuildPlan, component: NixpackComponent): void {
  if (Object.keys(plan.phases ?? {}).length === 0 && plan.start === undefined)
    throw new UserError({
      code: 'PLAN_NOTHING_DETECTED',
      message: `${component.id}: no language was recognised in ${component.vars.source || '.'}`,
      hint: 'Check `source`, or say how to build it with install_cmd, build_cmd and start_cmd, or with providers.',
      at: component.at,
    });
  if (plan.start?.cmd === undefined)
    throw new UserError({
      code: 'PLAN_START_MISSING',
      message: `${component.id}: nothing says how the program is started`,
      hint: 'Set start_cmd, or add a Procfile with a web line.',
      at: component.at,
    });
}

/** A base that nobody wrote is the planner's own: whoever cannot reach it must hear where to name another. */
const explained =
  (written: string | undefined, key: string) =>
  (error: unknown): never => {
    if (written !== undefined || !(error instanceof UserError)) throw error;
    const { code, message } = error;
    const hint = `Set settings.nixpack.${key} to a base that this machine reaches, or pin this one in ${LOCK_FILE}.`;
    throw new UserError({ code, message, hint }, { cause: error, retryable: error.retryable });
  };

async function pinBases(
  request: PlanImageRequest,
  plan: BuildPlan,
  settings: ImageSettings,
  progress: Progress,
): Promise<PlanRecord['bases']> {
  const { workspaceRoot, access, component } = request;
  const { requireLock, buildImage, runImage } = component.settings;
  const platform = settings.platforms[0] ?? 'linux/amd64';
  const pin = (reference: string) =>
    pinBase(reference, { workspaceRoot, platform, requireLock, access, progress });
  const run = runImage ?? plan.start?.runImage;
  return {
    build: await pin(buildImage ?? plan.buildImage ?? '').catch(
      explained(buildImage, 'build_image'),
    ),
    ...(run === undefined ? {} : { run: await pin(run).catch(explained(runImage, 'run_image')) }),
  };
}

/** Leaves the three records of the task as one folder below the workspace's outputs. */
export function writePlan(
  workspaceRoot: string,
  { plan, publish, sbomSettings }: PlannedImage,
): void {
  const outputs = componentOutputs(workspaceRoot, plan.deployment, plan.component);
  const folder = new PreparedFolder(dirname(outputs.plan));
  const write = (path: string, record: unknown): unknown =>
    writeRecord(join(folder.path, basename(path)), record);
  try {
    write(outputs.publish, publish);
    write(outputs.sbomSettings, sbomSettings);
    write(outputs.plan, plan);
    folder.swapIn();
  } finally {
    folder.discard();
  }
}

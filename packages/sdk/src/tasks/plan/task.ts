import { basename, dirname, join } from 'node:path';
import {
  compareText,
  describeProblem,
  silent,
  UserError,
  type FileTree,
  type Progress,
} from '@nx-nixpack/base';
import { type BaseReference, type Deployment, type NixpackComponent } from '@nx-nixpack/deployment';
import {
  generatePlan,
  lift,
  type BuildPlan,
  type Edge,
  type Explanation,
  type Hints,
  type Member,
  type SourceTree,
} from '@nx-nixpack/plan';
import type { ChannelAccess } from '@nx-nixpack/channels';
import type { Platform } from '@nx-nixpack/data';
import type { ProvisionRequest } from '@nx-nixpack/engine';
import { digestOf, type RegistryAccess } from '@nx-nixpack/oci';
import { pinBase } from '../../bases/pin-bases.js';
import { wantedBases } from '../../bases/wanted-bases.js';
import { LOCK_FILE, readLock, type LockFile } from '../../lock/lock-file.js';
import {
  buildSettings,
  buildSettingsOf,
  type BuildSettingsRecord,
} from '../../records/build-settings.js';
import { componentOutputs } from '../../records/outputs.js';
import { planRecord, type PlanRecord, type PlatformPlan } from '../../records/plan.js';
import { onlyPlatform } from '../../records/platforms.js';
import { publishOf, publishRecord, type PublishRecord } from '../../records/publish.js';
import {
  sbomSettings,
  sbomSettingsOf,
  type SbomSettingsRecord,
} from '../../records/sbom-settings.js';
import {
  smokeSettings,
  smokeSettingsOf,
  type SmokeSettingsRecord,
} from '../../records/smoke-settings.js';
import { PreparedFolder } from '../../results/prepared-folder.js';
import { noSource } from '../../source/no-source.js';
import { sourceContext, type SourceContext } from '../../source/source-context.js';
import { callerPlan } from './caller-plan.js';
import { refuseNetworkForNobody, refuseSecretsForNobody } from './check-phases.js';
import { planProvision } from './plan-provision.js';
import { nothingDetected } from './nothing-detected.js';
import { imageSettings, secretVariables } from './settings.js';
import { sourceRecord } from './source-record.js';

export interface PlanImageRequest {
  readonly workspaceRoot: string;
  readonly deployment: Deployment;
  readonly component: NixpackComponent;
  /** Dependencies between directories that manifests do not show, e.g. from Nx's project graph. */
  readonly edges?: readonly Edge[];
  /** The workspace's files, to list them once for several components. */
  readonly files?: FileTree;
  readonly access: RegistryAccess;
  /** Where what is known of bases is kept. */
  readonly storeDirectory?: string;
  /** How channels are reached: a toolchain that nothing locks is resolved there. */
  readonly channels?: () => ChannelAccess;
  /** Default: the lock file of the workspace. */
  readonly lock?: LockFile;
  readonly progress?: Progress;
}

export interface PlannedImage {
  readonly plan: PlanRecord;
  readonly publish: PublishRecord;
  readonly buildSettings: BuildSettingsRecord;
  readonly sbomSettings: SbomSettingsRecord;
  readonly smokeSettings: SmokeSettingsRecord;
  readonly explanation: Explanation;
  /** The libraries of the workspace that belong to the image, and why. */
  readonly members: readonly Member[];
  /** What was asked of toolchains that resolve something, by platform. */
  readonly requests: Readonly<Record<string, ProvisionRequest>>;
}

/**
 * Plans one component: what will be built, from which bytes, on which base. Starts no process; opens a connection only
 * for what nothing pins: a base image, a toolchain, and the base that a toolchain is brought to. Throws UserError for whatever the user can mend.
 */
export async function planImage(request: PlanImageRequest): Promise<PlannedImage> {
  const { deployment, component, progress = silent } = request;
  requireToolchain(component);
  warnOfUnread(deployment, progress);
  const context = readSource(request);
  for (const problem of context.problems) progress.warn(`${problem.message}. ${problem.hint}`);
  const platforms: Record<string, PlatformPlan> = {};
  const explanations: Record<string, Explanation> = {};
  const requests: Record<string, ProvisionRequest> = {};
  for (const platform of component.settings.platforms) {
    const { planned, explanation, asked } = await planPlatform(request, context, platform);
    platforms[platform] = planned;
    explanations[platform] = explanation;
    if (asked) requests[platform] = asked;
  }
  const plan: PlanRecord = {
    deployment: deployment.name,
    component: component.name,
    ...(component.vars.base && { base: component.vars.base }),
    source: sourceRecord(component, context, request.edges ?? []),
    secrets: secretVariables(component),
    platforms,
  };
  const planDigest = digestOf(planRecord.encode(plan));
  return {
    plan,
    publish: publishOf(deployment, component, planDigest),
    buildSettings: buildSettingsOf(component, planDigest),
    sbomSettings: sbomSettingsOf(component, planDigest),
    smokeSettings: smokeSettingsOf(component, planDigest),
    explanation: onlyPlatform(explanations)[1],
    members: context.closure?.members ?? [],
    requests,
  };
}

interface PlannedPlatform {
  readonly planned: PlatformPlan;
  readonly explanation: Explanation;
  readonly asked?: ProvisionRequest | undefined;
}

async function planPlatform(
  request: PlanImageRequest,
  context: SourceContext,
  platform: Platform,
): Promise<PlannedPlatform> {
  const { deployment, component } = request;
  const generated = generatePlan(context.planTree, planOptions(component, platform));
  const { providers, explanation } = generated;
  const lifted = context.closure ? lift(generated, context.closure) : generated;
  const { plan } = lifted;
  const hints = { ...lifted.hints, ...baseHints(component) };
  if (component.vars.base === undefined) requireStart(plan, component, context.planTree);
  refuseSecretsForNobody(plan, component);
  refuseNetworkForNobody(plan, component);
  const settings = imageSettings(deployment, component, hints, context, plan);
  const bases = await pinBases(request, plan, platform);
  const planned = { plan, hints, bases, settings };
  const planOf = (name: string) => planOfOther(name, platform, request);
  const { request: asked, provision } =
    (await planProvision(planned, platform, { ...request, planOf })) ?? {};
  const { guesses } = explanation;
  const complete = { providers, ...planned, guesses, ...(provision && { provision }) };
  return { planned: complete, explanation, asked };
}

/** What is planned for the component whose image is the base: its own task says the rest. */
async function planOfOther(
  name: string,
  platform: Platform,
  request: PlanImageRequest,
): Promise<PlatformPlan> {
  const { deployment, component } = request;
  const other = findNixpack(deployment, name);
  const requireLock = component.settings.requireLock && other.settings.requireLock;
  const settings = { ...other.settings, requireLock };
  const theirs = { ...request, component: { ...other, settings }, progress: silent };
  requireToolchain(other);
  return (await planPlatform(theirs, readSource(theirs), platform)).planned;
}

function findNixpack({ components }: Deployment, name: string): NixpackComponent {
  const found = components.find((one) => one.type === 'nixpack' && one.name === name);
  if (found?.type === 'nixpack') return found;
  throw new Error(`the deployment has no component nixpack/${name}`);
}

/**
 * Without a word of the component or of nx.json the toolchain is the one that nobody has built yet. A file that names it was
 * refused when it was loaded; what is left is refused here, before any base is looked at.
 */
function requireToolchain({ id, settings, at }: NixpackComponent): void {
  if (settings.toolchain !== 'nix') return;
  throw new UserError({
    code: 'UNSUPPORTED',
    message: `${id}: nothing brings the tools of its build, since it names no toolchain and the default, Nix, is not built yet`,
    hint: 'Set the option toolchain of nx-nixpack in nx.json to debian, for all components, or write toolchain: debian in settings.nixpack of this one; toolchain: base with a build_image that has the tools (of a registry, oci:PATH, or the image of another component) is the other way.',
    at,
  });
}

/** What a base brings is asked for by name, not found in a source. */
function baseHints({ vars: { base } }: NixpackComponent): Pick<Hints, 'runtimes'> {
  if (base === undefined) return {};
  const runtimes = Object.entries(base.runtimes).sort(([a], [b]) => compareText(a, b));
  const from = 'base.runtimes of the deployment file';
  return {
    runtimes: runtimes.map(([name, version]) => ({ name, ...(version && { version, from }) })),
  };
}

/** What the file says and nothing looks at: of the deployment once, however many of its components are planned. */
function warnOfUnread({ unread }: Deployment, progress: Progress): void {
  if (told.has(unread)) return;
  told.add(unread);
  for (const problem of unread) progress.warn(describeProblem(problem));
}
const told = new WeakSet<object>();

function readSource({
  workspaceRoot,
  component,
  edges = [],
  files,
}: PlanImageRequest): SourceContext {
  const { source, workspace, include } = component.vars;
  if (source === undefined) return noSource();
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
  component: NixpackComponent,
  platform: Platform,
): Parameters<typeof generatePlan>[1] {
  const { buildEnv, env, config } = component.vars;
  const variables = { ...buildEnv, ...env };
  return {
    // An empty value means "copy from the process" to nixpacks, and planning reads no process environment.
    env: Object.entries(variables).flatMap(([name, value]) =>
      value === '' ? [] : [`${name}=${value}`],
    ),
    ...(config === undefined ? {} : { configFile: config }),
    plan: callerPlan(component),
    arch: platform === 'linux/arm64' ? 'aarch64' : 'x86_64',
    extensions: component.settings.extensions,
    installFiles: component.vars.installFiles,
    toolchain: component.settings.toolchain,
  };
}

function requireStart(plan: BuildPlan, component: NixpackComponent, source: SourceTree): void {
  if (Object.keys(plan.phases ?? {}).length === 0 && plan.start === undefined)
    throw nothingDetected(component, source);
  if (plan.start?.cmd === undefined)
    throw new UserError({
      code: 'PLAN_START_MISSING',
      message: `${component.id}: nothing says how the program is started`,
      hint: 'Set start_cmd, or add a Procfile with a web line.',
      at: component.at,
    });
}

async function pinBases(
  request: PlanImageRequest,
  plan: BuildPlan,
  platform: Platform,
): Promise<PlatformPlan['bases']> {
  const { workspaceRoot, access, component, progress = silent } = request;
  const { requireLock, buildImage, runImage } = component.settings;
  const lock = request.lock ?? readLock(workspaceRoot);
  const options = { workspaceRoot, platform, requireLock, access, progress, lock };
  const wanted = wantedBases(component.settings, plan);
  const pin = async (
    field: keyof PlatformPlan['bases'],
    written: BaseReference | undefined,
    key: string,
  ): Promise<PlatformPlan['bases']> => {
    const base = wanted[field];
    if (base === undefined) return {};
    return { [field]: await pinBase(base, options).catch(placed(written, key)) };
  };
  return {
    ...(await pin('build', buildImage, 'build_image')),
    ...(await pin('run', runImage, 'run_image')),
  };
}

/** The fault of a base stands where it is named. One that nobody wrote is the planner's own: whoever cannot reach it must hear where to name another. */
const placed =
  (written: BaseReference | undefined, key: string) =>
  (error: unknown): never => {
    if (!(error instanceof UserError)) throw error;
    const { code, message } = error;
    const hint = written
      ? error.hint
      : `Set settings.nixpack.${key} to a base that this machine reaches, or pin this one in ${LOCK_FILE}.`;
    const at = error.at ?? written?.at;
    throw new UserError({ code, message, hint, at }, { cause: error, retryable: error.retryable });
  };

/** Leaves the records of the task as one folder below the workspace's outputs; plan.json is written last. */
export function writePlan(workspaceRoot: string, planned: PlannedImage): void {
  const { deployment, component } = planned.plan;
  const outputs = componentOutputs(workspaceRoot, deployment, component);
  const folder = new PreparedFolder(dirname(outputs.plan));
  const place = (path: string): string => join(folder.path, basename(path));
  try {
    publishRecord.write(place(outputs.publish), planned.publish);
    buildSettings.write(place(outputs.buildSettings), planned.buildSettings);
    sbomSettings.write(place(outputs.sbomSettings), planned.sbomSettings);
    smokeSettings.write(place(outputs.smokeSettings), planned.smokeSettings);
    planRecord.write(place(outputs.plan), planned.plan);
    folder.swapIn();
  } finally {
    folder.discard();
  }
}

import { dirname } from 'node:path';
import { canonicalJson } from '@nx-nixpack/base';
import type { ComponentId } from '@nx-nixpack/deployment';
import type { Digest } from '@nx-nixpack/oci';
import {
  componentOutputs,
  readOutput,
  readRecord,
  rejected,
  requireFolder,
} from '../records/outputs.js';
import { publishRecord } from '../records/publish.js';
import { PLAN_SHAPE } from '../records/shapes.js';
import type { PlanRecord, PublishRecord, SbomSettingsRecord } from '../records/records.js';
import { sbomSettingsRecord } from '../records/sbom-settings.js';
import { settled } from './settled.js';
import { findComponent, readWorkspace, type Described } from '../workspace/index.js';

export interface PlannedRequest {
  readonly workspaceRoot: string;
  readonly deployment: string;
  /** `<type>/<name>`, e.g. `nixpack/api`. */
  readonly component: ComponentId;
  /** What the deployment file says now. Absent: the deployment files of the workspace are read. */
  readonly described?: Described;
  /** Variables that templates may read as `env.<NAME>`. */
  readonly allowedEnv?: readonly string[];
}

/** What plan-image left for a component, known to belong together and to the deployment file. */
export interface Planned {
  readonly described: Described;
  readonly plan: PlanRecord;
  readonly planDigest: Digest;
  readonly publish: PublishRecord;
  readonly sbomSettings: SbomSettingsRecord;
}

/** Throws UserError CACHE_RESULT_REJECTED when a record is missing, malformed, changed, older or of another component. */
export function readPlanned(request: PlannedRequest): Promise<Planned> {
  const { workspaceRoot } = request;
  const described = request.described ?? describedIn(request);
  const { deployment, component } = described;
  const { plan } = componentOutputs(workspaceRoot, deployment.name, component.name);
  return settled(dirname(plan), () => read(workspaceRoot, described));
}

function describedIn({
  workspaceRoot,
  deployment,
  component,
  allowedEnv = [],
}: PlannedRequest): Described {
  return findComponent(readWorkspace(workspaceRoot, { allowedEnv }), deployment, component);
}

function read(workspaceRoot: string, described: Described): Planned {
  const { deployment, component } = described;
  const outputs = componentOutputs(workspaceRoot, deployment.name, component.name);
  requireFolder(dirname(outputs.plan), TASK);
  const { record: plan, digest } = readRecord<PlanRecord>(outputs.plan, TASK, PLAN_SHAPE);
  checkPlan(outputs.plan, plan, described);
  // What the deployment file says and the digest of the plan decide the other two, byte by byte.
  const publish = publishRecord(deployment, component, digest);
  const sbomSettings = sbomSettingsRecord(component, digest);
  checkRecord(outputs.publish, publish);
  checkRecord(outputs.sbomSettings, sbomSettings);
  return { described, plan, planDigest: digest, publish, sbomSettings };
}

const TASK = 'plan-image';

function checkPlan(path: string, plan: PlanRecord, { deployment, component }: Described): void {
  const { source, workspace, include } = component.vars;
  const pairs: readonly (readonly [field: string, found: unknown, wanted: unknown])[] = [
    ['deployment', plan.deployment, deployment.name],
    ['component', plan.component, component.name],
    ['source.directory', plan.source.directory, source],
    ['source.workspace', plan.source.workspace, workspace],
    ['source.include', plan.source.include, include],
  ];
  for (const [field, found, wanted] of pairs)
    if (canonicalJson(found) !== canonicalJson(wanted))
      throw rejected(`${path}: ${field} is not what the deployment file says`, TASK);
}

function checkRecord(path: string, wanted: PublishRecord | SbomSettingsRecord): void {
  const bytes = Buffer.from(canonicalJson(wanted));
  if (readOutput(path, TASK, Math.max(bytes.byteLength, 1024 * 1024)).equals(bytes)) return;
  throw rejected(
    `${path} belongs neither to plan.json nor to the deployment file as they are`,
    TASK,
  );
}

import { dirname } from 'node:path';
import { canonicalJson } from '@nx-nixpack/base';
import type { ComponentId } from '@nx-nixpack/deployment';
import type { Digest } from '@nx-nixpack/oci';
import {
  buildSettings,
  buildSettingsOf,
  type BuildSettingsRecord,
} from '../records/build-settings.js';
import type { RecordCodec } from '../records/codec.js';
import { componentOutputs, rejected, requireFolder } from '../records/outputs.js';
import { planRecord, type PlanRecord } from '../records/plan.js';
import { publishOf, publishRecord, type PublishRecord } from '../records/publish.js';
import { sbomSettings, sbomSettingsOf, type SbomSettingsRecord } from '../records/sbom-settings.js';
import {
  smokeSettings,
  smokeSettingsOf,
  type SmokeSettingsRecord,
} from '../records/smoke-settings.js';
import { findComponent, readWorkspace, type Described } from '../workspace/index.js';
import { checkPlan } from './check-plan.js';
import { settled } from './settled.js';

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
  readonly buildSettings: BuildSettingsRecord;
  readonly sbomSettings: SbomSettingsRecord;
  readonly smokeSettings: SmokeSettingsRecord;
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
  const { record: plan, digest } = planRecord.read(outputs.plan);
  checkPlan(outputs.plan, plan, workspaceRoot, described);
  // What the deployment file says and the digest of the plan decide the others, byte by byte.
  return {
    described,
    plan,
    planDigest: digest,
    publish: expected(publishRecord, outputs.publish, publishOf(deployment, component, digest)),
    buildSettings: expected(
      buildSettings,
      outputs.buildSettings,
      buildSettingsOf(component, digest),
    ),
    sbomSettings: expected(sbomSettings, outputs.sbomSettings, sbomSettingsOf(component, digest)),
    smokeSettings: expected(
      smokeSettings,
      outputs.smokeSettings,
      smokeSettingsOf(component, digest),
    ),
  };
}

const TASK = 'plan-image';

/** A record that must say this, to the last byte. */
function expected<T extends object>(codec: RecordCodec<T>, path: string, wanted: T): T {
  const { record, bytes } = codec.read(path);
  if (bytes.equals(codec.encode(wanted))) return record;
  const [found, right] = [new Map(Object.entries(record)), new Map(Object.entries(wanted))];
  const field = [...right.keys(), ...found.keys()].find(
    (name) => canonicalJson([found.get(name)]) !== canonicalJson([right.get(name)]),
  );
  const of = field === 'planDigest' ? 'plan.json' : 'the deployment file';
  throw rejected(`${path}: ${field ?? 'the record'} is not that of ${of} as it is`, TASK);
}

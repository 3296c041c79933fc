import { basename, dirname, join } from 'node:path';
import { isTag } from '@nx-nixpack/data';
import { silent, UserError, type Progress, type Runner } from '@nx-nixpack/base';
import { renderTemplate, type Template } from '@nx-nixpack/deployment';
import {
  parseReference,
  pushContent as pushToRegistry,
  type PushReport,
  type RegistryAccess,
} from '@nx-nixpack/oci';
import { openBuiltImage, type BuiltImage } from '../../results/open-built-image.js';
import { componentOutputs } from '../../records/outputs.js';
import { plannedSource } from '../../source/planned-source.js';
import { readPlanned, type Planned, type PlannedRequest } from '../../results/read-planned.js';
import { PreparedFolder } from '../../results/prepared-folder.js';
import { servedBase, type ImageRecord } from '../../records/image.js';
import type { PlanRecord } from '../../records/plan.js';
import { publishTemplates, type PublishRecord } from '../../records/publish.js';
import { pushRecord, type PushRecord } from '../../records/push.js';
import { templateValues } from './template-values.js';
import { readSbom } from '../../results/read-sbom.js';
import type { SealOptions } from '../../results/seal.js';

export interface PushImageRequest extends PlannedRequest, SealOptions {
  /** Target of the deployment; the default one when absent. */
  readonly target?: string;
  /** Say what would be pushed; send nothing, write nothing. */
  readonly dryRun?: boolean;
  readonly storeDirectory: string;
  readonly runner: Runner;
  readonly access: RegistryAccess;
  readonly progress?: Progress;
}

export interface PushedImage {
  readonly record: PushRecord;
  /** Absent when nothing was sent: a dry run, or `publish: false`. */
  readonly report?: PushReport;
  readonly published: boolean;
}

/**
 * Pushes the built image: blobs that the registry lacks, the manifest by digest, tags last. Idempotent: an image that is
 * there already costs a few requests. The record of the push holds the reference that consumers are bound to. Nothing is
 * sent before plan, image, SBOM and the source as it is now are known to belong together.
 */
export async function pushImage(request: PushImageRequest): Promise<PushedImage> {
  const planned = await readPlanned(request);
  const built = await openBuiltImage(planned, request);
  try {
    await readSbom(planned, built.record, request);
    plannedSource(request.workspaceRoot, planned.plan);
    return await push(planned, built, request);
  } finally {
    built.close();
  }
}

async function push(
  { plan, publish }: Planned,
  built: BuiltImage,
  request: PushImageRequest,
): Promise<PushedImage> {
  const { progress = silent } = request;
  const record = await recordOf(request, publish, plan, built.record);
  if (!publish.publish || request.dryRun === true) return { record, published: false };
  progress.step(`push     ${record.registry}/${record.repository} ${record.tags.join(' ')}`);
  const { registry, repository, tags } = record;
  const report = await pushToRegistry(
    built.image,
    { registry, repository },
    { ...request.access, tags, mountFrom: repositoriesOfBase(plan, registry) },
  );
  leavePush(request, record);
  return { record, report, published: true };
}

/** Where the registry itself has the layers of the base. */
function repositoriesOfBase({ platforms }: PlanRecord, registry: string): readonly string[] {
  return Object.values(platforms).flatMap((planned) => {
    const base = servedBase(planned);
    const from = base === undefined ? undefined : parseReference(base.reference);
    return from?.registry === registry ? [from.repository] : [];
  });
}

function leavePush({ workspaceRoot }: PushImageRequest, record: PushRecord): void {
  const { deployment, component, target } = record;
  const path = componentOutputs(workspaceRoot, deployment, component).push(target);
  const folder = new PreparedFolder(dirname(path));
  try {
    pushRecord.write(join(folder.path, basename(path)), record);
    folder.moveFile(basename(path), path);
  } finally {
    folder.discard();
  }
}

async function recordOf(
  request: PushImageRequest,
  publish: PublishRecord,
  plan: PlanRecord,
  image: ImageRecord,
): Promise<PushRecord> {
  const { registry, name: repository, tags: named, annotations } = publishTemplates(publish);
  const target = targetOf(request, publish);
  const values = await templateValues(request, publish, plan, target);
  const render = (template: Template): string => renderTemplate(template, values);
  const base = {
    deployment: publish.deployment,
    component: publish.component,
    target,
    digest: image.digest,
    annotations: Object.fromEntries(
      Object.entries(annotations).map(([name, value]) => [name, render(value)]),
    ),
  };
  if (!publish.publish || registry === undefined || repository === undefined)
    return { ...base, reference: image.digest, registry: '', repository: '', tags: [] };
  const tags = named.map((tag, at) => checkedTag(render(tag) + suffix(publish, values, at)));
  const [shownRegistry, shownRepository] = [render(registry), render(repository)];
  return {
    ...base,
    registry: shownRegistry,
    repository: shownRepository,
    reference: `${shownRegistry}/${shownRepository}@${image.digest}`,
    tags: [...new Set(tags)],
  };
}

/** The default tag names a commit; uncommitted changes must not pass for it. */
const suffix = (publish: PublishRecord, values: ReadonlyMap<string, string>, at: number): string =>
  at === 0 && publish.defaultTag && values.get('git.dirty') === 'true' ? '-dirty' : '';

function targetOf({ target }: PushImageRequest, publish: PublishRecord): string {
  const named = target ?? publish.defaultTarget ?? 'default';
  if (target === undefined || Object.hasOwn(publish.targets, named)) return named;
  throw new UserError({
    code: 'CONFIG_UNKNOWN_TARGET',
    message: `Deployment "${publish.deployment}" has no target "${named}"`,
    hint: `Name one of: ${Object.keys(publish.targets).join(', ') || '(it has none)'}.`,
  });
}

function checkedTag(tag: string): string {
  if (isTag(tag)) return tag;
  throw new UserError({
    code: 'CONFIG_INVALID_VALUE',
    message: `"${tag}" is not a tag`,
    hint: 'A tag has up to 128 letters, digits, dots, underscores and hyphens, and begins with none of the last two.',
  });
}

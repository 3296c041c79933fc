import { join } from 'node:path';
import { folderProblem, readPlainFile, sanitize, UserError } from '@nx-nixpack/base';
import type { ComponentId } from '@nx-nixpack/deployment';

/** What the tasks of a component leave, relative to the workspace root. */
export const outputDirectory = (deployment: string, id: ComponentId): string =>
  `dist/nixpack/${deployment}/${id}`;

export interface ComponentOutputs {
  /** The folder that holds one folder a task. */
  readonly root: string;
  readonly plan: string;
  readonly publish: string;
  readonly buildSettings: string;
  readonly sbomSettings: string;
  readonly smokeSettings: string;
  readonly image: string;
  readonly layout: string;
  readonly sbom: string;
  readonly push: (target: string) => string;
}

/** Absolute paths of the outputs of a nixpack component. */
export function componentOutputs(
  workspaceRoot: string,
  deployment: string,
  name: string,
): ComponentOutputs {
  const root = join(workspaceRoot, outputDirectory(deployment, `nixpack/${name}`));
  return {
    root,
    plan: join(root, 'plan', 'plan.json'),
    publish: join(root, 'plan', 'publish.json'),
    buildSettings: join(root, 'plan', 'build-settings.json'),
    sbomSettings: join(root, 'plan', 'sbom-settings.json'),
    smokeSettings: join(root, 'plan', 'smoke-settings.json'),
    image: join(root, 'image', 'image.json'),
    layout: join(root, 'image', 'oci'),
    sbom: join(root, 'sbom'),
    push: (target) => join(root, 'push', `${target}.json`),
  };
}

/** No record comes near it; a plan lists the members of a workspace, an SBOM its packages by type. */
const MAX_RECORD_BYTES = 16 * 1024 * 1024;

/** Refuses a folder of outputs that leads elsewhere. */
export function requireFolder(path: string, task: string): void {
  const wrong = folderProblem(path);
  if (wrong !== undefined) throw rejected(`${path} ${wrong.problem}`, task);
}

/** The bytes of a regular file that an earlier task left. */
export function readOutput(path: string, task: string, limit = MAX_RECORD_BYTES): Buffer {
  const bytes = readPlainFile(path, limit);
  if ('problem' in bytes) throw rejected(`${path} ${bytes.problem}`, task);
  return bytes;
}

export const rejected = (message: string, task: string): UserError =>
  new UserError({
    code: 'CACHE_RESULT_REJECTED',
    message: sanitize(message),
    hint: `Run the ${task} task again with --skip-nx-cache.`,
  });

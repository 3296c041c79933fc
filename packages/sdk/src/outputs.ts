import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, commitFile, UserError } from '@nx-nixpack/base';

/** What the tasks of a component leave, relative to the workspace root (architecture, "What the tasks leave"). */
export const outputDirectory = (deployment: string, type: string, name: string): string =>
  `dist/nixpack/${deployment}/${type}/${name}`;

export interface ComponentOutputs {
  readonly plan: string;
  readonly publish: string;
  readonly sbomSettings: string;
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
  const root = join(workspaceRoot, outputDirectory(deployment, 'nixpack', name));
  return {
    plan: join(root, 'plan', 'plan.json'),
    publish: join(root, 'plan', 'publish.json'),
    sbomSettings: join(root, 'plan', 'sbom-settings.json'),
    image: join(root, 'image', 'image.json'),
    layout: join(root, 'image', 'oci'),
    sbom: join(root, 'sbom'),
    push: (target) => join(root, 'push', `${target}.json`),
  };
}

export function writeRecord(path: string, record: unknown): Buffer {
  const bytes = Buffer.from(canonicalJson(record));
  commitFile(path, bytes);
  return bytes;
}

/** Reads a record that an earlier task left. UserError CACHE_RESULT_REJECTED when it is absent or not ours. */
export function readRecord<T extends { schemaVersion: number }>(
  path: string,
  task: string,
): { record: T; bytes: Buffer } {
  const bytes = readBytes(path, task);
  const record = parse(bytes) as T | undefined;
  if (record?.schemaVersion === 1) return { record, bytes };
  throw rejected(`${path} is not a record of this version`, task);
}

function readBytes(path: string, task: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw rejected(`${path} is missing`, task);
  }
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

export const rejected = (message: string, task: string): UserError =>
  new UserError({
    code: 'CACHE_RESULT_REJECTED',
    message,
    hint: `Run the ${task} task again with --skip-nx-cache.`,
  });

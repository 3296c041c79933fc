import { join } from 'node:path';
import {
  canonicalJson,
  commitFile,
  folderProblem,
  readPlainFile,
  sanitize,
  UserError,
} from '@nx-nixpack/base';
import type { ComponentId } from '@nx-nixpack/deployment';
import { type Digest, digestOf } from '@nx-nixpack/oci';
import type { Shape } from './shape.js';

/** What the tasks of a component leave, relative to the workspace root (architecture, "What the tasks leave"). */
export const outputDirectory = (deployment: string, id: ComponentId): string =>
  `dist/nixpack/${deployment}/${id}`;

export interface ComponentOutputs {
  /** The folder that holds one folder a task. */
  readonly root: string;
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
  const root = join(workspaceRoot, outputDirectory(deployment, `nixpack/${name}`));
  return {
    root,
    plan: join(root, 'plan', 'plan.json'),
    publish: join(root, 'plan', 'publish.json'),
    sbomSettings: join(root, 'plan', 'sbom-settings.json'),
    image: join(root, 'image', 'image.json'),
    layout: join(root, 'image', 'oci'),
    sbom: join(root, 'sbom'),
    push: (target) => join(root, 'push', `${target}.json`),
  };
}

/** No record comes near it; a plan lists the members of a workspace, an SBOM its packages by type. */
const MAX_RECORD_BYTES = 16 * 1024 * 1024;

export function writeRecord(path: string, record: unknown): Buffer {
  const bytes = Buffer.from(canonicalJson(record));
  commitFile(path, bytes);
  return bytes;
}

export interface ReadRecord<T> {
  readonly record: T;
  readonly bytes: Buffer;
  readonly digest: Digest;
}

/**
 * Reads a record that an earlier task left. UserError CACHE_RESULT_REJECTED, with file and field, when it is absent or not
 * what `writeRecord` writes of that shape.
 */
export function readRecord<T>(path: string, task: string, shape: Shape): ReadRecord<T> {
  const bytes = readOutput(path, task);
  const value = parse(bytes);
  if (value === undefined) throw rejected(`${path} is not a record of this version`, task);
  const problem = shape(value, '');
  if (problem !== undefined) throw rejected(`${path}: ${problem}`, task);
  return { record: value as T, bytes, digest: digestOf(bytes) };
}

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

/** undefined for anything but canonical JSON: two readers must never see two things in one record. */
function parse(bytes: Buffer): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return canonicalJson(value) === text ? value : undefined;
  } catch {
    return undefined; // no UTF-8, no JSON, or nested too deeply to be looked at
  }
}

export const rejected = (message: string, task: string): UserError =>
  new UserError({
    code: 'CACHE_RESULT_REJECTED',
    message: sanitize(message),
    hint: `Run the ${task} task again with --skip-nx-cache.`,
  });

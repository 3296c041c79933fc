import { basename, join } from 'node:path';
import { canonicalJson, commitFile, silent, UserError, type Progress } from '@nx-nixpack/base';
import { digestOf, openImageTree, Store, type RegistryAccess } from '@nx-nixpack/oci';
import type { SbomFormat } from '@nx-nixpack/deployment';
import { catalogImage, FORMATS, type PackageGraph } from '@nx-nixpack/sbom';
import { openBuiltImage, type BuiltImage } from '../../results/open-built-image.js';
import { componentOutputs, readOutput, writeRecord } from '../../records/outputs.js';
import { readPlanned, type Planned, type PlannedRequest } from '../../results/read-planned.js';
import { PreparedFolder } from '../../results/prepared-folder.js';
import { SBOM_RECORD } from '../../results/read-sbom.js';
import type { SbomRecord } from '../../records/records.js';
import { writeSeal, type SealOptions } from '../../results/seal.js';
import { withOutputLock } from '../../system/output-lock.js';
import { version } from '../../version.js';

export interface WriteSbomRequest extends PlannedRequest, SealOptions {
  readonly storeDirectory: string;
  readonly access: RegistryAccess;
  /** Default: 15,000 and 250,000. */
  readonly limits?: { readonly packages?: number; readonly dependencies?: number };
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Describes what is installed in the built image, in every format that is asked for, and writes sbom.json last.
 * A document that is not valid is never written. With `require` that fails the task, otherwise it is a warning.
 */
export async function writeSbom(request: WriteSbomRequest): Promise<SbomRecord> {
  const { progress = silent } = request;
  const planned = await readPlanned(request);
  const built = await openBuiltImage(planned, request);
  try {
    const graph = await catalog(built, request);
    for (const { path, message } of graph.problems) progress.warn(`${path}: ${message}`);
    return await leaveSbom(graph, planned, built, request);
  } finally {
    built.close();
  }
}

async function leaveSbom(
  graph: PackageGraph,
  { sbomSettings: { formats, require } }: Planned,
  built: BuiltImage,
  request: WriteSbomRequest,
): Promise<SbomRecord> {
  const { workspaceRoot, progress = silent } = request;
  const { signal = new AbortController().signal } = request;
  const { deployment, component } = built.record;
  const outputs = componentOutputs(workspaceRoot, deployment, component);
  const folder = new PreparedFolder(outputs.sbom);
  try {
    const documents = formats.flatMap(
      (name) => attempt(() => writeDocument(name, graph, folder.path), require, progress) ?? [],
    );
    const record = sbomRecord(graph, built, documents);
    const bytes = writeRecord(join(folder.path, SBOM_RECORD), record);
    writeSeal(folder.path, 'sbom', bytes, request);
    await withOutputLock(outputs.root, signal, () => {
      requirePresentImage(outputs.image, built);
      folder.swapIn();
    });
    return record;
  } finally {
    folder.discard();
  }
}

/** Building comes before cataloguing: what was catalogued must not replace the SBOM of a newer image. */
function requirePresentImage(path: string, { record }: BuiltImage): void {
  const bytes = readOutput(path, 'build-image');
  if (bytes.equals(Buffer.from(canonicalJson(record)))) return;
  throw new UserError({
    code: 'SOURCE_CHANGED',
    message: `${record.component} was built anew while it was catalogued`,
    hint: 'Run the task again.',
  });
}

async function catalog(
  { image, record }: BuiltImage,
  request: WriteSbomRequest,
): Promise<PackageGraph> {
  const scratch = Store.open(request.storeDirectory).area('scratch');
  const tree = await openImageTree(image.layers, scratch);
  try {
    return catalogImage(tree, {
      // Named after the component, not the registry: where an image is pushed does not change what is in it.
      subject: {
        name: record.component,
        digest: record.digest,
        // A package URL of type oci is named after the last part of the name alone.
        purl: `pkg:oci/${basename(record.component)}@${encodeURIComponent(record.digest)}`,
      },
      created: 0,
      tool: { name: 'nx-nixpack', version },
      layerOf: (path) => tree.layerOf(path),
      ...(request.limits === undefined ? {} : { limits: request.limits }),
    });
  } finally {
    tree.close();
  }
}

type SbomDocument = SbomRecord['documents'][number];

function writeDocument(name: SbomFormat, graph: PackageGraph, directory: string): SbomDocument {
  const format = FORMATS.find((one) => one.name === name);
  if (format === undefined)
    throw new UserError({
      code: 'UNSUPPORTED',
      message: `SBOMs in the format ${name} are not supported yet`,
      hint: `Name one of: ${FORMATS.map((one) => one.name).join(', ')}.`,
    });
  const bytes = format.write(graph);
  const problems = format.check(bytes);
  if (problems.length > 0) throw UserError.of(problems);
  commitFile(join(directory, format.fileName), bytes);
  return { format: name, path: format.fileName, digest: digestOf(bytes) };
}

function attempt<T>(work: () => T, require: boolean, progress: Progress): T | undefined {
  try {
    return work();
  } catch (error) {
    if (require || !(error instanceof UserError)) throw error;
    progress.warn(`${error.message}. ${error.hint}`);
    return undefined;
  }
}

function sbomRecord(
  graph: PackageGraph,
  { record }: BuiltImage,
  documents: readonly SbomDocument[],
): SbomRecord {
  const packagesByType: Record<string, number> = {};
  for (const { type } of graph.packages) packagesByType[type] = (packagesByType[type] ?? 0) + 1;
  return {
    schemaVersion: 1,
    deployment: record.deployment,
    component: record.component,
    imageDigest: record.digest,
    planDigest: record.planDigest,
    documents,
    packages: graph.packages.length,
    packagesByType,
    completeness: Object.fromEntries(
      graph.coverage.map(({ ecosystem, status }) => [ecosystem, status]),
    ),
    problems: graph.problems,
  };
}

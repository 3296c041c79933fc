import { basename, join } from 'node:path';
import { commitFile, silent, UserError, type Problem, type Progress } from '@nx-nixpack/base';
import { digestOf, openImageTree, Store, type RegistryAccess } from '@nx-nixpack/oci';
import { catalogImage, FORMATS, type PackageGraph, type SbomFormat } from '@nx-nixpack/sbom';
import { imageRecord } from '../../records/image.js';
import { componentOutputs, readOutput } from '../../records/outputs.js';
import { onlyPlatform } from '../../records/platforms.js';
import { sbomRecord, type PlatformSbom, type SbomRecord } from '../../records/sbom.js';
import { openBuiltImage, type BuiltImage } from '../../results/open-built-image.js';
import { readPlanned, type Planned, type PlannedRequest } from '../../results/read-planned.js';
import { PreparedFolder } from '../../results/prepared-folder.js';
import { SBOM_RECORD } from '../../results/read-sbom.js';
import { writeSeal, type SealOptions } from '../../results/seal.js';
import { withOutputLock } from '../../system/output-lock.js';
import { version } from '../../version.js';

export interface WriteSbomRequest extends PlannedRequest, SealOptions {
  readonly storeDirectory: string;
  readonly access: RegistryAccess;
  /** Default: 15,000 and 250,000. */
  readonly limits?: { readonly packages?: number; readonly dependencies?: number };
  /** The formats that can be written. Default: all that there are. */
  readonly writers?: readonly SbomFormat[];
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

export interface WrittenSbom {
  readonly record: SbomRecord;
  readonly packages: number;
  readonly packagesByType: Readonly<Record<string, number>>;
}

/**
 * Describes what is installed in the built image, in every format that is asked for, and writes sbom.json last.
 * A document that is not valid is never written. With `require` that fails the task, otherwise it is a warning. Throws
 * UserError UNSUPPORTED for a format that nobody can write.
 */
export async function writeSbom(request: WriteSbomRequest): Promise<WrittenSbom> {
  const { progress = silent } = request;
  const planned = await readPlanned(request);
  const built = await openBuiltImage(planned, request);
  try {
    const graph = await catalog(built, request);
    for (const { path, message } of graph.problems) progress.warn(`${path}: ${message}`);
    const record = await leaveSbom(graph, planned, built, request);
    return { record, packages: graph.packages.length, packagesByType: countByType(graph) };
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
    const made = writeDocuments(graph, formats, folder.path, request);
    if (require && made.problems.length > 0) throw UserError.of(made.problems);
    for (const { message, hint } of made.problems) progress.warn(`${message}. ${hint}`);
    const record = recordOf(built, made);
    const bytes = sbomRecord.write(join(folder.path, SBOM_RECORD), record);
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

/** Building comes before cataloging: what was cataloged must not replace the SBOM of a newer image. */
function requirePresentImage(path: string, { record }: BuiltImage): void {
  const bytes = readOutput(path, 'build-image');
  if (bytes.equals(imageRecord.encode(record))) return;
  throw new UserError({
    code: 'SOURCE_CHANGED',
    message: `${record.component} was built anew while it was cataloged`,
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

interface Documents extends Pick<PlatformSbom, 'documents' | 'missing'> {
  /** Why documents are missing. */
  readonly problems: readonly Problem[];
}

function writeDocuments(
  graph: PackageGraph,
  formats: readonly string[],
  directory: string,
  { writers = FORMATS }: WriteSbomRequest,
): Documents {
  const written = formats.map((name) => writeDocument(writerOf(name, writers), graph, directory));
  return {
    documents: written.flatMap(({ document }) => document ?? []),
    missing: formats.filter((_, at) => written[at]?.document === undefined),
    problems: written.flatMap(({ problems }) => problems),
  };
}

function writerOf(name: string, writers: readonly SbomFormat[]): SbomFormat {
  const found = writers.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new UserError({
    code: 'UNSUPPORTED',
    message: `SBOMs in the format ${name} are not supported yet`,
    hint: `Name one of: ${writers.map((one) => one.name).join(', ')}.`,
  });
}

interface Written {
  readonly document?: PlatformSbom['documents'][number];
  readonly problems: readonly Problem[];
}

function writeDocument(format: SbomFormat, graph: PackageGraph, directory: string): Written {
  const bytes = format.write(graph);
  const problems = format.check(bytes);
  if (problems.length > 0) return { problems };
  commitFile(join(directory, format.fileName), bytes);
  const document = { format: format.name, path: format.fileName, digest: digestOf(bytes) };
  return { document, problems };
}

function countByType({ packages }: PackageGraph): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of packages) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

function recordOf({ record }: BuiltImage, { documents, missing }: Documents): SbomRecord {
  const [platform, { digest: imageDigest }] = onlyPlatform(record.platforms);
  return {
    deployment: record.deployment,
    component: record.component,
    planDigest: record.planDigest,
    imageDigest: record.digest,
    platforms: { [platform]: { imageDigest, documents, missing } },
  };
}

import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { commitFile, silent, UserError, type Progress } from '@nx-nixpack/base';
import { digestOf, openImageTree, Store, type RegistryAccess } from '@nx-nixpack/oci';
import type { SbomFormat } from '@nx-nixpack/deployment';
import { catalogImage, FORMATS, type PackageGraph } from '@nx-nixpack/sbom';
import { readBuiltImage, type BuiltImage } from './built-image.js';
import { componentOutputs, readRecord, writeRecord } from './outputs.js';
import type { SbomRecord, SbomSettingsRecord } from './records.js';
import { version } from './version.js';

export interface WriteSbomRequest {
  readonly workspaceRoot: string;
  readonly deployment: string;
  readonly component: string;
  readonly storeDirectory: string;
  readonly access: RegistryAccess;
  /** Default: 15,000 and 250,000. */
  readonly limits?: { readonly packages?: number; readonly dependencies?: number };
  readonly progress?: Progress;
}

/**
 * Describes what is installed in the built image, in every format that is asked for, and writes sbom.json last.
 * A document that is not valid is never written. With `require` that fails the task, otherwise it is a warning.
 */
export async function writeSbom(request: WriteSbomRequest): Promise<SbomRecord> {
  const { workspaceRoot, deployment, component, progress = silent } = request;
  const outputs = componentOutputs(workspaceRoot, deployment, component);
  const { record: settings } = readRecord<SbomSettingsRecord>(outputs.sbomSettings, 'plan-image');
  const built = await readBuiltImage(request);
  const graph = await catalog(built, request);
  for (const { path, message } of graph.problems) progress.warn(`${path}: ${message}`);
  rmSync(outputs.sbom, { recursive: true, force: true });
  const documents = settings.formats.flatMap((name) => {
    const document = attempt(
      () => writeDocument(name, graph, outputs.sbom),
      settings.require,
      progress,
    );
    return document ?? [];
  });
  const record = sbomRecord(graph, built, documents);
  writeRecord(join(outputs.sbom, 'sbom.json'), record);
  return record;
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
    imageDigest: record.digest,
    documents,
    packages: graph.packages.length,
    packagesByType,
    completeness: Object.fromEntries(
      graph.coverage.map(({ ecosystem, status }) => [ecosystem, status]),
    ),
    problems: graph.problems,
  };
}

/** The summary that ends the task. */
export function describeSbom({ documents, packages, packagesByType }: SbomRecord): string {
  const types = Object.entries(packagesByType).map(([type, count]) => `${count} ${type}`);
  const files = documents.map(({ path, digest }) => `  ${path}  ${digest}`);
  return [`${packages} packages (${types.join(', ')})`, ...files].join('\n');
}

import { memoryTree, type FileTree, type MemoryFile } from '@nx-nixpack/base';
import type { Assert } from './asserts.js';

/** One file of the conformance folder. Absent keys say nothing, null says "none". */
export interface ConformanceCase {
  readonly name: string;
  readonly directory?: string;
  readonly options: {
    readonly env?: readonly string[];
    readonly configFile?: string;
    readonly plan?: unknown;
  };
  readonly executable?: readonly string[];
  readonly files: Readonly<Record<string, string | null>>;
  readonly expectedPlan?: Readonly<Record<string, unknown>> | null;
  readonly asserts?: readonly Assert[];
  /** What the placeholders of `expectedPlan` stand for. */
  readonly resolved?: {
    readonly buildImage?: string;
    readonly nixpkgsArchive?: Readonly<Record<string, string>>;
    readonly providers?: readonly string[];
  };
  readonly expectedError?: string | null;
  readonly expectedProviders?: readonly string[] | null;
  readonly expectedSubdirectory?: string | null;
  readonly expectedPhaseOrder?: readonly string[];
  readonly dockerOptions?: { readonly cacheKey?: string };
  readonly expectedDockerfile?: readonly string[];
  readonly expectedNixFiles?: readonly Readonly<Record<string, unknown>>[];
  readonly expectedAssetFiles?: readonly string[];
  readonly assetFacts?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const KNOWN: ReadonlySet<string> = new Set<keyof ConformanceCase | 'note'>([
  'name',
  'note',
  'directory',
  'options',
  'executable',
  'files',
  'expectedPlan',
  'asserts',
  'resolved',
  'expectedError',
  'expectedProviders',
  'expectedSubdirectory',
  'expectedPhaseOrder',
  'dockerOptions',
  'expectedDockerfile',
  'expectedNixFiles',
  'expectedAssetFiles',
  'assetFacts',
]);

/** Reads a case. Throws for anything it does not know: an expectation that is not looked at would pass unnoticed. */
export function readCase(text: string): ConformanceCase {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('a case is an object');
  const unknown = Object.keys(value).find((key) => !KNOWN.has(key));
  if (unknown !== undefined) throw new Error(`the key "${unknown}" is not known`);
  const found = value as Partial<ConformanceCase>;
  if (typeof found.files !== 'object' || typeof found.name !== 'string')
    throw new Error('a case has a name and files');
  const expectations = Object.keys(value).filter(
    (key) => key.startsWith('expected') || key === 'asserts',
  );
  if (expectations.length === 0) throw new Error('the case expects nothing');
  return { options: {}, ...found } as ConformanceCase;
}

/** The source of a case; files that it names without a text are empty. */
export function caseTree({
  files,
  executable = [],
}: Pick<ConformanceCase, 'files' | 'executable'>): FileTree {
  const entries = Object.entries(files).map(([path, text]): [string, MemoryFile] => {
    const content = text ?? '';
    return [path, executable.includes(path) ? { executable: content } : content];
  });
  return memoryTree(Object.fromEntries(entries));
}

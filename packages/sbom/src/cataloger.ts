import type { ByteString, Entry } from '@nx-nixpack/base';
import { type ImageView, Unreadable } from './image-view.js';
import type { Evidence, Package, PackageEdge, PackageType } from './package-graph.js';

/** One kind of evidence. Pure: the same image, the same findings, in whatever order entries are given. */
export interface Cataloger {
  /** The name of its file. */
  readonly name: string;
  readonly type: PackageType;
  /** Whether this entry is evidence, by its path and metadata alone. Asked once for everything that is not a directory. */
  wants(entry: Entry): boolean;
  /** `wanted` is sorted by path. What cannot be understood is reported, never thrown. */
  catalog(wanted: readonly Entry[], image: ImageView): Catalog;
}

export interface Catalog {
  readonly findings: readonly Finding[];
  /** Between keys of findings. */
  readonly edges: readonly PackageEdge[];
  /** Keys of what the application itself asks for. */
  readonly rootDependencies?: readonly RootDependency[];
  readonly problems: readonly Problem[];
  /** Key of the package that owns a file, for catalogers of distributions. */
  owner?(path: ByteString): string | undefined;
  /** Set when the cataloger cannot know whether it found everything. */
  readonly unknown?: string;
}

export interface RootDependency {
  readonly key: string;
  readonly kind: PackageEdge['kind'];
}

/** One package in one place. */
export interface Finding {
  /** Unique in the image: packages of one purl in several places have a key each. */
  readonly key: string;
  readonly place: ByteString;
  readonly technique: Evidence['technique'];
  readonly package: Omit<Package, 'id' | 'type' | 'evidence' | 'aliases'>;
}

export interface Problem {
  readonly path: ByteString;
  readonly message: string;
}

/** Key of a package that lies in its own place. */
export const keyAt = (purl: string, place: ByteString): string => `${purl}#${place}`;

/** What `read` returns; when a file cannot be understood, undefined and a problem with its path. */
export function orProblem<T>(path: ByteString, problems: Problem[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    problems.push({ path, message: error.message });
    return undefined;
  }
}

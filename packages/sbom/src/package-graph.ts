/** An ecosystem, by the type of its package URLs, e.g. `npm`. Each cataloger names its own. */
export type PackageType = string;

/** A license as its package declares it: an SPDX identifier, a valid SPDX expression, or any other name. */
export type License =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'expression'; readonly expression: string }
  | { readonly kind: 'name'; readonly name: string };

export interface Hash {
  readonly algorithm: 'md5' | 'sha-1' | 'sha-256' | 'sha-512';
  /** Lower-case hexadecimal. */
  readonly hex: string;
}

/** A place in the image that shows a package. */
export interface Evidence {
  /** Absolute path in the image, never of the host. */
  readonly path: string;
  readonly technique: 'manifest-analysis' | 'binary-analysis' | 'filename';
  /** Layer that holds the place; tells what came with the base image. */
  readonly layerDigest?: string;
}

/** A cataloged package. Knows nothing of document formats. */
export interface Package {
  /** Unique in the graph: the purl. The same version in several places is one package with several evidences. */
  readonly id: string;
  readonly type: PackageType;
  /** The ecosystem's full name, e.g. `@scope/name` or a Go module path. */
  readonly name: string;
  /** Empty when the package declares none, e.g. a private workspace member. */
  readonly version: string;
  /** Canonical package URL. */
  readonly purl: string;
  readonly licenses: { readonly declared: readonly License[] };
  readonly supplier?: string;
  readonly description?: string;
  readonly hashes: readonly Hash[];
  readonly evidence: readonly Evidence[];
  /** Language purls of what this distribution package owns. */
  readonly aliases: readonly string[];
  /** Further facts of the ecosystem, e.g. Go's build settings. */
  readonly properties: Readonly<Record<string, string>>;
}

export interface PackageEdge {
  /** Id of a package, or the subject's purl. */
  readonly from: string;
  readonly to: string;
  /** `contains`: installed, but no package of the graph asks for it. */
  readonly kind: 'runtime' | 'peer' | 'optional' | 'contains';
}

export interface Coverage {
  readonly ecosystem: PackageType;
  readonly status: 'complete' | 'incomplete' | 'unknown';
  readonly reason?: string;
}

/** A file that looked like evidence and could not be understood. */
export interface ScanProblem {
  /** Absolute path in the image. */
  readonly path: string;
  readonly message: string;
}

/** What is installed in one image. Packages are sorted by id, edges by both ends, problems by path. */
export interface PackageGraph {
  readonly subject: { readonly name: string; readonly digest: string; readonly purl: string };
  readonly packages: readonly Package[];
  readonly edges: readonly PackageEdge[];
  readonly coverage: readonly Coverage[];
  readonly problems: readonly ScanProblem[];
  /** Seconds since 1970. */
  readonly created: number;
  readonly tool: { readonly name: string; readonly version: string };
}

export type PackageType = 'npm' | 'pypi' | 'deb' | 'golang' | 'generic';

/** A catalogued package. Knows nothing of document formats. */
export interface Package {
  /** Unique in the graph: the purl, and the path when the same version lies in several places. */
  readonly id: string;
  readonly type: PackageType;
  readonly name: string;
  readonly namespace?: string;
  readonly version: string;
  /** Canonical package URL. */
  readonly purl: string;
  readonly licences: { readonly declared: readonly string[] };
  readonly supplier?: string;
  readonly description?: string;
  readonly hashes: readonly { readonly algorithm: 'sha-256' | 'sha-512' | 'sha-1' | 'md5'; readonly hex: string }[];
  /** Where in the image it was found: paths of the image, never of the host. */
  readonly evidence: readonly { readonly path: string; readonly technique: string }[];
  /** Layer that holds the evidence. */
  readonly layerDigest?: string;
  /** Language purl of a package that a distribution owns. */
  readonly aliases?: readonly string[];
}

export interface PackageEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'runtime' | 'optional' | 'peer' | 'contains';
}

export interface Coverage {
  readonly ecosystem: PackageType;
  readonly status: 'complete' | 'incomplete' | 'unknown';
  readonly reason?: string;
}

export interface PackageGraph {
  readonly subject: { readonly name: string; readonly digest: string; readonly purl: string };
  readonly packages: readonly Package[];
  readonly edges: readonly PackageEdge[];
  readonly coverage: readonly Coverage[];
  /** Files that looked like evidence and could not be understood. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];
  /** Seconds since 1970. */
  readonly created: number;
  readonly tool: { readonly name: string; readonly version: string };
}

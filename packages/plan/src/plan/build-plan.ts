/** nixpacks' own plan, key for key. Absent and empty are different. */
export interface BuildPlan {
  readonly providers?: readonly string[];
  readonly buildImage?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly staticAssets?: Readonly<Record<string, string>>;
  readonly phases?: Readonly<Record<string, Phase>>;
  readonly start?: StartPhase;
}

export interface Phase {
  readonly name?: string;
  readonly dependsOn?: readonly string[];
  readonly nixPkgs?: readonly string[];
  readonly nixLibs?: readonly string[];
  readonly nixOverlays?: readonly string[];
  readonly nixpkgsArchive?: string;
  readonly aptPkgs?: readonly string[];
  readonly cmds?: readonly string[];
  readonly onlyIncludeFiles?: readonly string[];
  readonly cacheDirectories?: readonly string[];
  readonly paths?: readonly string[];
}

export interface StartPhase {
  readonly cmd?: string;
  readonly runImage?: string;
  readonly onlyIncludeFiles?: readonly string[];
  readonly user?: string;
}

/** For lowering only; never changes the plan. */
export interface Hints {
  /** Files (relative to the source) that alone decide the install phase; absent when that is not certain. */
  readonly installInputs?: readonly string[];
  /** Files and directories that the user says the install reads. */
  readonly installFiles?: readonly string[];
  /** Why `installInputs` is absent, for the explanation. */
  readonly installInputsReason?: string;
  /** Setup commands that only prepare for Nix packages. */
  readonly setupCommands?: readonly string[];
  /** Directories outside /app that a run image needs. */
  readonly outputs?: readonly string[];
  /** Packages of `aptPkgs` that only the build needs; absent ones stay in the image. */
  readonly buildPackages?: readonly string[];
  /** Absolute paths that the started program must be able to write. */
  readonly writable?: readonly string[];
  readonly ports?: readonly number[];
  /** How what only the build needs (development dependencies first of all) is dropped after it, run in /app; absent when nothing is. */
  readonly dropDevDependencies?: string;
  /** Why nothing is dropped although there is something. */
  readonly keepDevDependencies?: string;
  /** Names of directories (anywhere below /app) that hold installed dependencies, e.g. node_modules. */
  readonly dependencyDirectories?: readonly string[];
  /** Runtimes by name, in the versions that the source's own files ask for; a plan says more about the others. */
  readonly runtimes?: readonly RuntimeWish[];
}

/** What the source says about one runtime. */
export interface RuntimeWish {
  /** The name of the runtime in the toolchains: `node`, `python`, `go`. */
  readonly name: string;
  /** As the source writes it: `22`, `>=18 <21`, `3.12.4`, `lts/iron`. Absent when it leaves the version open. */
  readonly version?: string;
  /** Where it says so: `engines.node of package.json`, `.python-version`. */
  readonly from?: string;
  /** Parts of it that come in packages of their own, as the source names them: PHP's extensions. */
  readonly parts?: readonly string[];
}

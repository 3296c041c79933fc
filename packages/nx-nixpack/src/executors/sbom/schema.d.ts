export interface SbomOptions {
  readonly deployment: string;
  readonly component: string;
  readonly maxPackages?: number;
  readonly maxDependencies?: number;
}

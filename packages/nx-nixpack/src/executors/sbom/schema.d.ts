export interface SbomOptions {
  readonly deployment: string;
  readonly component: string;
}

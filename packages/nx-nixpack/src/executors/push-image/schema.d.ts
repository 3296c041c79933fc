export interface PushImageOptions {
  readonly deployment: string;
  readonly component: string;
  readonly target?: string;
  readonly dryRun?: boolean;
}

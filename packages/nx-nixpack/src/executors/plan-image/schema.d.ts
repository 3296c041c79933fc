export interface PlanImageOptions {
  readonly deployment: string;
  readonly component: string;
  readonly explain?: boolean;
  readonly json?: boolean;
}

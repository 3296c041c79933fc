export interface BuildImageOptions {
  readonly deployment: string;
  readonly component: string;
  readonly verify?: boolean;
}

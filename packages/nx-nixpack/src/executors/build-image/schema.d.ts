export interface BuildImageOptions {
  readonly deployment: string;
  readonly component: string;
  readonly store?: string;
  readonly verify?: boolean;
}

export interface LockOptions {
  readonly update?: boolean;
  readonly component?: string;
}

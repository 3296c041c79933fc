export interface InitOptions {
  readonly skipFormat?: boolean;
  readonly keepExistingVersions?: boolean;
}

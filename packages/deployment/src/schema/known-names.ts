/**
 * Names that lists of other packages decide: this package cannot see them, whoever composes the packages passes them in. Asked only
 * when a file names one, since the packages behind them take time to load.
 */
export interface KnownNames {
  /** Languages that `providers` may name. */
  readonly providers: () => readonly string[];
  /** Engines that `engine` may name, besides `auto`. */
  readonly engines: () => readonly string[];
  /** Formats that `sbom.formats` may name. */
  readonly sbomFormats: () => readonly string[];
  /** Runtimes that a base may have. */
  readonly runtimes: () => readonly string[];
}

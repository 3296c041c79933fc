/** What a provider sees of the source. Relative paths, forward slashes, walk order. */
export interface SourceTree {
  /** The directory's name; zig and swift read it. */
  readonly name: string;
  /** A regular file, links followed, ignore rules not consulted. */
  has(path: string): boolean;
  isDirectory(path: string): boolean;
  isExecutable(path: string): boolean;
  /** The text with CRLF as LF, undefined when absent. UserError SOURCE_UNSUPPORTED when it is not UTF-8. */
  read(path: string): string | undefined;
  /** Matching files in walk order, under the ignore rules that nixpacks heeds: see `IgnoreJudge`. UserError for a malformed glob. */
  files(glob: string): readonly string[];
  directories(glob: string): readonly string[];
  subtree(path: string): SourceTree;
  /** Names of the immediate entries, ignoring nothing (sub-directory rule). */
  readonly children: readonly string[];
}

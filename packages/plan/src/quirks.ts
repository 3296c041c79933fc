/** How this planner answers where nixpacks 1.41.0 surprises. */
export interface Quirk {
  readonly id: string;
  /** What nixpacks does. */
  readonly behaviour: string;
  /** `kept`: the same here. `mended`: never. `by mode`: the same in conformance mode only. */
  readonly here: 'kept' | 'mended' | 'by mode';
  /** What that means for a user. */
  readonly meaning: string;
}

/** Every known peculiarity, by the numbers of planner specification 22; `D` are differences of our own. */
export const QUIRKS: readonly Quirk[] = [
  {
    id: 'Q1',
    behaviour:
      'Globs cross directories and search the whole tree, node_modules and .git included; .gitignore counts inside a repository only',
    here: 'kept',
    meaning: 'A project file anywhere decides; name the `providers` to be sure',
  },
  {
    id: 'Q2',
    behaviour: "Characters such as `[` in the checkout's path disable every search",
    here: 'mended',
    meaning: 'The path plays no part',
  },
  {
    id: 'Q3',
    behaviour: 'One script that is not UTF-8 ends planning',
    here: 'mended',
    meaning: 'Files that are no text are skipped in searches',
  },
  {
    id: 'Q4',
    behaviour: 'A dependency that a phase lists twice is reported as a circle',
    here: 'mended',
    meaning: 'It counts once',
  },
  {
    id: 'Q5',
    behaviour: '`...` in both file and environment repeats what the provider contributed',
    here: 'kept',
    meaning: 'Extend in one place',
  },
  {
    id: 'Q6',
    behaviour: 'Packages given on the command line wipe overlays',
    here: 'mended',
    meaning:
      '`pkgs`, `libs` and `apt_pkgs` keep them; a plan that says `nixOverlays: []` itself still wipes them',
  },
  {
    id: 'Q7',
    behaviour: "Variables of the configuration file beat the caller's environment",
    here: 'kept',
    meaning: 'Remove the variable from the file',
  },
  {
    id: 'Q8',
    behaviour: 'Every variable becomes part of the image',
    here: 'kept',
    meaning: 'In the plan only: secrets and `build_env` stay out of the image',
  },
  {
    id: 'Q9',
    behaviour:
      'Node ranges: `<=N` is below N, other words are dropped, unknown majors give 18, the archive ignores NIXPACKS_NODE_VERSION',
    here: 'kept',
    meaning: 'The explanation warns; with `toolchain: base` your image decides',
  },
  {
    id: 'Q10',
    behaviour: 'Prisma, sharp, puppeteer and canvas are found by text, also in prose',
    here: 'kept',
    meaning: 'Packages too many',
  },
  {
    id: 'Q11',
    behaviour: 'corepack is pinned to 0.24.1',
    here: 'kept',
    meaning: 'Set `install_cmd` where it is too old',
  },
  {
    id: 'Q12',
    behaviour: 'devDependencies are not looked at when dependencies exist',
    here: 'kept',
    meaning: 'For the detection of single-page apps only',
  },
  {
    id: 'Q13',
    behaviour: 'bun with a package-lock.json runs `npm ci`; corepack is set up for bun too',
    here: 'kept',
    meaning: 'Remove the lock file that is not used',
  },
  {
    id: 'Q14',
    behaviour: 'Python: version files beat the variable; `python 3` in .tool-versions crashes',
    here: 'mended',
    meaning: 'The order is kept, the crash is a version that is not known',
  },
  {
    id: 'Q15',
    behaviour: 'Go: only versions of two parts are known; any line that begins with `go` counts',
    here: 'kept',
    meaning: 'The explanation warns',
  },
  {
    id: 'Q16',
    behaviour:
      'Rust: a wildcard over library crates fails, an inherited rust-version crashes, explicit programs are not seen',
    here: 'by mode',
    meaning:
      'Directories without a manifest are skipped, an inherited version counts as absent, explicit programs are copied too',
  },
  {
    id: 'Q17',
    behaviour: 'Ruby versions are taken literally; gems are found by text',
    here: 'kept',
    meaning: 'Write the exact version to .ruby-version',
  },
  {
    id: 'Q18',
    behaviour: 'Ruby with Node: `node:install` waits for `setup`',
    here: 'kept',
    meaning: 'Harmless',
  },
  {
    id: 'Q19',
    behaviour: 'A run image does not get the variables',
    here: 'mended',
    meaning: 'Engines repeat them; the plan is the same',
  },
  {
    id: 'Q20',
    behaviour: 'The source is copied again at the end, over what was built',
    here: 'mended',
    meaning: 'Engines copy once',
  },
  {
    id: 'Q21',
    behaviour: 'Links are dropped and line ends rewritten in the copied source',
    here: 'mended',
    meaning: 'Source bytes are kept',
  },
  {
    id: 'Q22',
    behaviour:
      'Zig depends on the directory name, Crystal and status codes on chance, overlays on moving branches',
    here: 'kept',
    meaning: 'The first in the order of the file stands for chance',
  },
  {
    id: 'Q23',
    behaviour: 'The only directory is entered when nothing is planned, hidden ones counting',
    here: 'kept',
    meaning: 'A `.github` beside it prevents that',
  },
  {
    id: 'Q24',
    behaviour: 'Comments are cut from deno.jsonc inside strings too',
    here: 'by mode',
    meaning: 'Addresses in strings stay whole',
  },
  {
    id: 'Q25',
    behaviour: 'setuptools installs with pyproject.toml alone',
    here: 'kept',
    meaning: 'Use requirements or a lock file',
  },
  {
    id: 'D1',
    behaviour: "The user's own git ignore file is heeded",
    here: 'mended',
    meaning: 'The machine plays no part in a plan',
  },
  {
    id: 'D2',
    behaviour: 'Links are followed wherever they lead',
    here: 'mended',
    meaning: 'Never out of the workspace',
  },
  {
    id: 'D3',
    behaviour: 'A variable without a value is copied from the process',
    here: 'mended',
    meaning: 'The caller gives values; planning reads no process',
  },
  {
    id: 'D4',
    behaviour: 'A record may be written as a JSON list of its fields',
    here: 'mended',
    meaning: 'It is an error',
  },
];

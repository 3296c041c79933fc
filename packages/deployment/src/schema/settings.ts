import { quote } from '@nx-nixpack/base';
import {
  documented,
  flag,
  type Infer,
  list,
  mapOf,
  mapped,
  optional,
  orEmpty,
  PLATFORMS,
  refine,
  settings,
  withDefault,
} from '@nx-nixpack/data';
import { UNBUILT_ENGINES } from '../unsupported.js';
import { base } from './base-reference.js';
import { literal, word, wordFrom } from './combinators/texts.js';
import { environmentName, numericUser, phaseName, secretName } from './grammars/names.js';
import type { KnownNames } from './known-names.js';
import { smoke } from './smoke.js';

/** Who may bring the tools of a build, the one that a stranger wants first. */
export const TOOLCHAIN_NAMES = ['debian', 'base', 'nix'] as const;
export type ToolchainName = (typeof TOOLCHAIN_NAMES)[number];
/** Of a component that names none, where the workspace names none either: the deployment file's own meaning. */
export const DEFAULT_TOOLCHAIN: ToolchainName = 'nix';

/**
 * `settings.nixpack`: how an image is built. A line here is all that a setting needs before it is used: its key, type and
 * default, what it means, the types of NixpackSettings, the JSON schema and the reference page come from it.
 */
export const nixpackSettings = (names: KnownNames) =>
  settings(
    {
      publish: documented('Push to the registry', withDefault(flag, true)),
      dockerfile_escape: documented(
        "Use the source's Dockerfile when it is there",
        withDefault(flag, false),
      ),
      sbom: orEmpty(sbom(names)),
      smoke: documented('See [smoke](#smoke): whether the image is started once', orEmpty(smoke)),
      engine: documented('Who executes the steps', withDefault(wordFrom(engines(names)), 'auto')),
      build_image: documented(
        'Base of the build: a reference, `oci:PATH`, or `"{{ nixpack.<name>.ref }}"`',
        optional(base),
      ),
      run_image: documented('Base of the final image, when it differs', optional(base)),
      toolchain: documented(
        "Who brings the tools: Debian and the languages' own registries, the build image, or Nix; default: the plugin's option `toolchain`",
        optional(word(...TOOLCHAIN_NAMES)),
      ),
      keep_build_tools: documented(
        'With `debian`: leave compilers and headers in the image',
        withDefault(flag, false),
      ),
      platforms: documented(
        'What the image runs on',
        withDefault(list(word(...PLATFORMS), { once: true, least: 1 }), [PLATFORMS[0]]),
      ),
      user: documented('`uid:gid`', withDefault(literal({ grammar: numericUser }), '65532:65532')),
      network: documented(
        'Whether a phase, by its name, reaches the network; it does by default',
        withDefault(mapOf(literal({ grammar: phaseName }), flag), {}),
      ),
      dev_dependencies: documented(
        '`auto` drops what only the build needs, unless the start needs it; `keep` is nixpacks',
        withDefault(word('keep', 'drop', 'auto'), 'auto'),
      ),
      extensions: documented(
        'Find start commands that nixpacks does not find; `false` is nixpacks exactly',
        withDefault(flag, true),
      ),
      require_lock: documented(
        'Refuse bases that `nixpack.lock.json` does not pin',
        withDefault(flag, false),
      ),
      secrets: documented(
        'See [secrets](#secrets): lent to phases, never stored',
        orEmpty(secrets),
      ),
    },
    { aliases: { requireLock: 'require_lock' } },
  );

const engines = (names: KnownNames) => (): readonly string[] => {
  const built = names.engines();
  return ['auto', ...built, ...UNBUILT_ENGINES.filter((name) => !built.includes(name))];
};

export const sbom = (names: KnownNames) =>
  refine(writtenSbom(names), ({ require, formats }) =>
    require && formats.length === 0 ? NO_SBOM : undefined,
  );

const NO_SBOM = {
  message: 'An SBOM is required in no format',
  hint: 'Name a format under formats, or leave out require.',
};

const writtenSbom = ({ sbomFormats }: KnownNames) =>
  settings({
    require: documented('Fail when no valid SBOM can be made', withDefault(flag, false)),
    formats: documented(
      'What is written',
      withDefault(list(wordFrom(sbomFormats), { once: true }), ['cyclonedx-json']),
    ),
  });

const NAME = { code: 'CONFIG_INVALID_NAME' } as const;

/** A value of the environment that phases use and nothing stores. */
export const SECRET = settings({
  env: documented(
    "The variable of the task's environment that holds the value",
    literal({ ...NAME, grammar: environmentName, sensitive: true }),
  ),
  as: documented(
    '`file`: `/run/secrets/<name>`; `variable`: the variable `<name>`, set for the commands of a phase',
    withDefault(word('file', 'variable'), 'file'),
  ),
  phases: documented(
    'Who gets it; default all phases for a file, `[install]` for a variable',
    optional(list(literal({ grammar: phaseName }), { once: true, least: 1 })),
  ),
});
export type Secret = Infer<typeof SECRET>;

/** What is lent as a variable is called as a variable can be called. */
const secret = refine(SECRET, ({ as }, { keyAt, path }) => {
  const name = String(path?.step);
  const hint = as === 'variable' ? environmentName(name) : undefined;
  const message = `${quote(name)} is not a valid name of a variable`;
  return hint === undefined ? undefined : { ...NAME, message, hint, offset: keyAt };
});

/** A file is read by whoever opens it; a variable is seen by every program, so the phase that needs it alone gets it. */
const lent = mapped(secret, (value): Secret =>
  value.as === 'variable' && value.phases === undefined ? { ...value, phases: ['install'] } : value,
);

const secrets = mapOf(literal({ ...NAME, grammar: secretName }), lent);

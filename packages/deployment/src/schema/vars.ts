import { normalizePath } from '@nx-nixpack/base';
import {
  documented,
  integer,
  list,
  mapOf,
  mapped,
  optional,
  orEmpty,
  settings,
  withDefault,
  type Shape,
} from '@nx-nixpack/data';
import { literal, rendered, template, word, wordFrom } from './combinators/texts.js';
import {
  aptPackage,
  environmentName,
  labelKey,
  nixAttribute,
  nxTargetName,
  runtimeVersion,
} from './grammars/names.js';
import { imageTag, registryHost, repositoryName } from './grammars/images.js';
import { pathBelow, patternBelow } from './grammars/paths.js';
import type { KnownNames } from './known-names.js';
import { belowWorkspace, directory } from './paths.js';

/** In a list of providers: what detection finds. */
const DETECTED = '...';

const NAME = { code: 'CONFIG_INVALID_NAME' } as const;
const command = optional(rendered());
const variables = mapOf(literal({ ...NAME, grammar: environmentName }), rendered());
const words = (shape: Shape<string>) => withDefault(list(shape), []);
const attribute = literal({ grammar: nixAttribute });
const tag = template('push', { grammar: imageTag });

/** Of the source, without `.`, `..` and doubled slashes. */
const configFile = mapped(literal({ grammar: pathBelow('the source') }), (written) =>
  normalizePath(written),
);

export const IMAGE = settings({
  registry: documented(
    'Where it is pushed; needed unless `publish: false`',
    optional(template('push', { grammar: registryHost })),
  ),
  name: documented(
    'The repository: `team/api`; needed unless `publish: false`',
    optional(template('push', { grammar: repositoryName })),
  ),
  tag: documented('Default `{{ git.sha }}`, with `-dirty` for uncommitted changes', optional(tag)),
  tags: documented('Further tags', withDefault(list(tag), [])),
  labels: documented(
    'In the image; one that holds `git.*`, `target` or `context.*` is written to the record of the push instead',
    withDefault(mapOf(literal({ grammar: labelKey }), template('push')), {}),
  ),
  ports: documented('Exposed ports', withDefault(list(integer(1, 65535)), [])),
});

export const PREBUILT = settings({
  target: documented('Builds on the host', literal({ grammar: nxTargetName })),
  path: documented('What it leaves, relative to the workspace root', belowWorkspace),
});

/** What a base brings. A name is known to the runtimes of `toolchain: debian`. */
export const baseVars = ({ runtimes }: KnownNames) =>
  settings({
    runtimes: documented(
      'Languages and their tools with the wanted versions: `{ node: "22", yarn: "1" }`; `""` leaves a version open',
      mapOf(wordFrom(runtimes), literal({ grammar: runtimeVersion })),
    ),
    purpose: documented(
      '`build`: with compilers and headers, for images that are built on it; `run`: for images that are started',
      withDefault(word('build', 'run'), 'build'),
    ),
  });

/** `vars`: what is built, from which source. A line here is all that a variable needs before it is used. */
export const nixpackVars = (names: KnownNames) =>
  settings({
    source: documented(
      'Relative to the workspace root, inside it; required unless there is a `base`',
      optional(directory),
    ),
    base: documented(
      'See [base](#base): the image is a base for others, without a source',
      optional(baseVars(names)),
    ),
    install_cmd: documented("Instead of the plan's", command),
    install_files: documented(
      'What `install_cmd` reads, relative to the source: an edit of other files does not install again',
      words(literal({ grammar: patternBelow('the source') })),
    ),
    build_cmd: documented("Instead of the plan's", command),
    start_cmd: documented("Instead of the plan's", command),
    pkgs: documented('Additional packages: `ffmpeg`, `python312Packages.pip`', words(attribute)),
    apt_pkgs: documented(
      'Additional packages: `curl`, `curl=8.5.0-2`, `curl:arm64`',
      words(literal({ grammar: aptPackage })),
    ),
    libs: documented('Additional libraries', words(attribute)),
    providers: documented(
      'Instead of detection; `...` keeps what is detected',
      optional(list(wordFrom(() => [DETECTED, ...names.providers()]))),
    ),
    config: documented(
      'Another nixpacks configuration file, relative to the source',
      optional(configFile),
    ),
    workspace: documented(
      'Which part of the workspace belongs to the build',
      withDefault(word('auto', 'off', 'whole'), 'auto'),
    ),
    include: documented(
      'Further files, relative to the workspace root; they beat ignore rules',
      words(literal({ grammar: patternBelow('the workspace root') })),
    ),
    prebuilt: documented(
      'See [prebuilt](#prebuilt); not together with `build_cmd`',
      optional(PREBUILT),
    ),
    build_env: documented('Variables of the build, not in the image', withDefault(variables, {})),
    env: documented(
      'Variables of the image, there during the build too',
      withDefault(variables, {}),
    ),
    image: documented('See [image](#image); required unless `publish: false`', orEmpty(IMAGE)),
  });

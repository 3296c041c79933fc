import { distinct, fields, list, named, record } from './combinators/collections.js';
import { freeMap, ignored } from './combinators/free.js';
import { flag, oneOf, port } from './combinators/scalars.js';
import { secrets } from './secrets.js';
import { text } from './combinators/text.js';
import { placed, type Checked } from './checker.js';
import {
  aptPackage,
  consumerName,
  environmentName,
  filled,
  imageComponentName,
  kebabName,
  labelKey,
  nixAttribute,
  numericUser,
  nxTargetName,
  phaseName,
} from './grammars/names.js';
import { baseImage, imageTag, registryHost, repositoryName } from './grammars/images.js';
import { pathBelow, patternBelow } from './grammars/paths.js';
import { DETECTED, PROVIDER_NAMES } from './grammars/providers.js';
import { target } from './target.js';

/**
 * The deployment file as data: every key with its checker. docs/deployment-file.md explains each of them; a spec compares the two.
 * Keys are as users write them; deployment-from-yaml.ts alone turns them into our names.
 */

const name = { grammar: kebabName, code: 'CONFIG_INVALID_NAME' } as const;
const variable = { grammar: environmentName, code: 'CONFIG_INVALID_NAME' } as const;
const literals = { templates: 'static' } as const;
const atPush = { templates: 'push' } as const;

const labels = record({ grammar: labelKey }, text());
const command = text(literals);
const variables = record(variable, text(literals));
const tag = text({ ...atPush, grammar: imageTag });
const base = placed(text({ templates: 'base', grammar: baseImage }));

export const METADATA = {
  labels: record({ grammar: labelKey }, text(literals)),
  depends_on: list(placed(text({ grammar: filled }))),
};

export const IMAGE = {
  registry: text({ ...atPush, grammar: registryHost }),
  name: placed(text({ ...atPush, grammar: repositoryName })),
  tag,
  tags: list(tag),
  labels: record({ grammar: labelKey }, text(atPush)),
  ports: list(port),
};

export const VARS = {
  source: placed(text({ grammar: filled })),
  install_cmd: command,
  build_cmd: command,
  start_cmd: command,
  pkgs: list(text({ grammar: nixAttribute })),
  apt_pkgs: list(text({ grammar: aptPackage })),
  libs: list(text({ grammar: nixAttribute })),
  providers: list(oneOf(DETECTED, ...PROVIDER_NAMES)),
  config: text({ grammar: pathBelow('the source') }),
  workspace: oneOf('auto', 'off', 'whole'),
  include: list(text({ grammar: patternBelow('the workspace root') })),
  prebuilt: placed(
    fields(
      {
        target: text({ grammar: nxTargetName }),
        path: text({ grammar: pathBelow('the workspace root') }),
      },
      'target',
      'path',
    ),
  ),
  build_env: variables,
  env: variables,
  image: fields(IMAGE),
};

export const NIXPACK_SETTINGS = {
  publish: flag,
  dockerfile_escape: flag,
  sbom: fields({ require: flag, formats: distinct(oneOf('cyclonedx-json', 'spdx-json')) }),
  engine: oneOf('auto', 'embedded', 'buildkit', 'buildah'),
  build_image: base,
  run_image: base,
  toolchain: oneOf('nix', 'base'),
  platforms: distinct(oneOf('linux/amd64', 'linux/arm64'), 1),
  user: text({ grammar: numericUser }),
  network: record({ grammar: phaseName }, flag),
  dev_dependencies: oneOf('keep', 'drop', 'auto'),
  requireLock: flag,
  secrets,
};

const NIXPACK = {
  metadata: fields(METADATA),
  vars: fields(VARS, 'source'),
  settings: fields({ nixpack: fields(NIXPACK_SETTINGS) }),
};

const anything = freeMap({ templates: 'binding' });
const CONSUMER = {
  metadata: fields(METADATA),
  vars: anything,
  settings: anything,
  env: anything,
};

const consumers = named({ grammar: consumerName, code: 'CONFIG_INVALID_NAME' }, fields(CONSUMER));

export const COMPONENTS = {
  nixpack: named(
    { grammar: imageComponentName, code: 'CONFIG_INVALID_NAME' },
    fields(NIXPACK, 'vars'),
  ),
  terraform: consumers,
  helmfile: consumers,
  lambda: consumers,
};

export const DEPLOYMENT = {
  name: placed(text(name)),
  description: text(),
  labels,
  stacks: list(text({ grammar: filled })),
  context: fields({
    default_target: placed(text()),
    promote_by: oneOf('digest', 'tag'),
  }),
  vendor: ignored,
  components: fields(COMPONENTS),
  targets: named(name, target(labels)),
};

export const FILE = fields({ deployment: fields(DEPLOYMENT, 'name') }, 'deployment');

export type DeploymentYaml = Checked<typeof FILE>;
export type RawDeployment = NonNullable<DeploymentYaml['deployment']>;
type Components = NonNullable<RawDeployment['components']>;
export type RawImage = NonNullable<NonNullable<Components['nixpack']>[number]['value']>;
export type RawConsumer = NonNullable<NonNullable<Components['terraform']>[number]['value']>;
export type RawTargets = NonNullable<RawDeployment['targets']>;

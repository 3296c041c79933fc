import {
  anyValue,
  documented,
  entriesOf,
  list,
  mapOf,
  mapped,
  optional,
  orEmpty,
  settings,
  withDefault,
  type Draft,
  type Infer,
} from '@nx-nixpack/data';
import type { COMPONENT_TYPES } from './component-types.js';
import { literal, rendered, word } from './combinators/texts.js';
import { anyMap } from './combinators/user-data.js';
import {
  consumerName,
  imageComponentName,
  kebabName,
  labelKey,
  nonEmpty,
} from './grammars/names.js';
import type { KnownNames } from './known-names.js';
import { nixpackSettings } from './settings.js';
import { labels, target } from './target.js';
import { nixpackVars } from './vars.js';

/**
 * The deployment file as data: every key with its type, default and meaning. The types of a deployment, the JSON schema for editors
 * and the tables of docs/deployment-file.md are derived from it.
 */

const NAME = { code: 'CONFIG_INVALID_NAME' } as const;

/** A text whose place matters to a later rule. */
const located = mapped(literal({ grammar: nonEmpty }), (value, { node }) => ({
  value,
  at: node.offset,
}));
export type Located = Infer<typeof located>;

export const METADATA = settings({
  labels: documented(
    'How consumers find images',
    withDefault(mapOf(literal({ grammar: labelKey }), rendered()), {}),
  ),
  depends_on: documented(
    '`api` (the same type), `terraform/ecr/api`, or `other-deployment:nixpack/api`; each once, never in a cycle',
    withDefault(list(located), []),
  ),
});

const nixpack = (names: KnownNames) =>
  settings({
    metadata: orEmpty(METADATA),
    vars: nixpackVars(names),
    settings: orEmpty(settings({ nixpack: orEmpty(nixpackSettings(names)) })),
  });

const userData = withDefault(anyMap('binding'), {});
const CONSUMER = settings({
  metadata: orEmpty(METADATA),
  vars: userData,
  settings: userData,
  env: userData,
});

const consumers = documented(
  'Consumers of images',
  withDefault(entriesOf(literal({ ...NAME, grammar: consumerName }), CONSUMER), []),
);

export const components = (names: KnownNames) =>
  settings({
    nixpack: documented(
      'Images that are built',
      withDefault(entriesOf(literal({ ...NAME, grammar: imageComponentName }), nixpack(names)), []),
    ),
    terraform: consumers,
    helmfile: consumers,
    lambda: consumers,
  } satisfies Record<(typeof COMPONENT_TYPES)[number], unknown>);

export const CONTEXT = settings({
  default_target: documented('Used when none is named', optional(literal())),
  promote_by: documented(
    'What is moved to the next target',
    withDefault(word('digest', 'tag'), 'digest'),
  ),
});

const kebab = literal({ ...NAME, grammar: kebabName });

export const deployment = (names: KnownNames) =>
  settings({
    name: documented('kebab-case, once in a workspace', kebab),
    description: documented('For people', optional(literal())),
    labels: documented(
      'Added to the labels of all components when consumers are bound',
      withDefault(labels, {}),
    ),
    stacks: documented(
      'Atmos stacks that the deployment may load; kept, not loaded',
      withDefault(list(literal({ grammar: nonEmpty })), []),
    ),
    context: orEmpty(CONTEXT),
    vendor: documented('Ignored: Atmos vendors, this project does not', optional(anyValue)),
    components: orEmpty(components(names)),
    targets: withDefault(entriesOf(kebab, target), []),
  });

/** The whole file. */
export const deploymentFile = (names: KnownNames) => settings({ deployment: deployment(names) });

export type DeploymentYaml = Infer<ReturnType<typeof deployment>>;
/** What could be read of a file in spite of faults. */
export type DraftDeployment = Draft<DeploymentYaml>;
export type NixpackYaml = DeploymentYaml['components']['nixpack'][number];
export type ConsumerYaml = DeploymentYaml['components']['terraform'][number];

import { components, CONTEXT, deployment, METADATA } from './file.js';
import type { KnownNames } from './known-names.js';
import { nixpackSettings, sbom, SECRET } from './settings.js';
import { SMOKE } from './smoke.js';
import { PROMOTION, TARGET } from './target.js';
import { baseVars, IMAGE, nixpackVars, PREBUILT } from './vars.js';

/** The maps of a deployment file by the names that its reference page gives them, in its order. */
export const sections = (names: KnownNames) => ({
  deployment: deployment(names),
  context: CONTEXT,
  components: components(names),
  metadata: METADATA,
  vars: nixpackVars(names),
  base: baseVars(names),
  prebuilt: PREBUILT,
  image: IMAGE,
  'settings.nixpack': nixpackSettings(names),
  secrets: SECRET,
  sbom: sbom(names),
  smoke: SMOKE,
  targets: TARGET,
  promotion: PROMOTION,
});

export type Section = keyof ReturnType<typeof sections>;

const IMAGE_COMPONENT = ['components', 'nixpack', '*'];
const VARS = [...IMAGE_COMPONENT, 'vars'];
const SETTINGS = [...IMAGE_COMPONENT, 'settings', 'nixpack'];

/** How a file reaches them: keys below `deployment`; `*` is any name. */
export const PLACES_OF_SECTIONS: Readonly<Record<Section, readonly string[]>> = {
  deployment: [],
  context: ['context'],
  components: ['components'],
  metadata: [...IMAGE_COMPONENT, 'metadata'],
  vars: VARS,
  base: [...VARS, 'base'],
  prebuilt: [...VARS, 'prebuilt'],
  image: [...VARS, 'image'],
  'settings.nixpack': SETTINGS,
  secrets: [...SETTINGS, 'secrets', '*'],
  sbom: [...SETTINGS, 'sbom'],
  smoke: [...SETTINGS, 'smoke'],
  targets: ['targets', '*'],
  promotion: ['targets', '*', 'promotion'],
};

/** Where a text stands decides which templates it may hold. */
export type TemplateUse =
  /** Nothing but literals. */
  | 'none'
  /** Known when the file is read, so the image may depend on it. */
  | 'static'
  /** Resolved when the image is pushed. */
  | 'push'
  /** The image of another component, as base of a build. */
  | 'base'
  /** Consumers: everything, as it is resolved when a digest is bound. */
  | 'binding';

/** What the rest of a deployment adds to the known paths. */
export interface TemplateNames {
  readonly deployment: string;
  /** Names of the nixpack components. */
  readonly components: readonly string[];
  /** Keys that some target's context has. */
  readonly contextKeys: readonly string[];
  /** Variables of the environment that the plugin's options allow. */
  readonly allowedEnv: readonly string[];
}

const STATIC = ['deployment.name', 'component.name'];
const GIT = ['git.sha', 'git.short_sha', 'git.branch', 'git.tag', 'git.dirty'];
const IMAGE_FIELDS = ['digest', 'ref', 'registry', 'name'];

/** What the shapes of texts ask: which paths are known where, and the values of those that are known when the file is read. */
export class TemplateScope {
  readonly deployment: string;
  readonly #names: TemplateNames;
  readonly #sets = new Map<TemplateUse, ReadonlySet<string>>();

  constructor(names: TemplateNames) {
    this.deployment = names.deployment;
    this.#names = names;
  }

  known(use: TemplateUse): readonly string[] {
    return [...this.#set(use)];
  }

  has(use: TemplateUse, path: string): boolean {
    return this.#set(use).has(path);
  }

  /** Most files hold few templates, or none. */
  #set(use: TemplateUse): ReadonlySet<string> {
    const set = this.#sets.get(use) ?? new Set(PATHS[use](this.#names));
    this.#sets.set(use, set);
    return set;
  }
}

const imagesOf = ({ components }: TemplateNames, fields: readonly string[]): readonly string[] =>
  components.flatMap((name) => fields.map((field) => `nixpack.${name}.${field}`));

const pushed = ({ contextKeys, allowedEnv }: TemplateNames): readonly string[] => [
  ...GIT,
  ...STATIC,
  'target',
  ...contextKeys.map((key) => `context.${key}`),
  ...allowedEnv.map((name) => `env.${name}`),
];

/** The paths that are known in each place. */
const PATHS: Readonly<Record<TemplateUse, (names: TemplateNames) => readonly string[]>> = {
  none: () => [],
  static: () => STATIC,
  push: pushed,
  base: (names) => imagesOf(names, ['ref']),
  binding: (names) => [...pushed(names), ...imagesOf(names, IMAGE_FIELDS)],
};

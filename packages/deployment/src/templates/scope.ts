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
  readonly #byUse: Readonly<Record<TemplateUse, readonly string[]>>;
  readonly #sets = new Map<TemplateUse, ReadonlySet<string>>();

  constructor({ deployment, components, contextKeys, allowedEnv }: TemplateNames) {
    this.deployment = deployment;
    const context = contextKeys.map((key) => `context.${key}`);
    const env = allowedEnv.map((name) => `env.${name}`);
    const push = [...GIT, ...STATIC, 'target', ...context, ...env];
    const images = components.flatMap((name) =>
      IMAGE_FIELDS.map((field) => `nixpack.${name}.${field}`),
    );
    const base = components.map((name) => `nixpack.${name}.ref`);
    this.#byUse = { none: [], static: STATIC, push, base, binding: [...push, ...images] };
  }

  known(use: TemplateUse): readonly string[] {
    return this.#byUse[use];
  }

  has(use: TemplateUse, path: string): boolean {
    const set = this.#sets.get(use) ?? new Set(this.#byUse[use]);
    this.#sets.set(use, set);
    return set.has(path);
  }
}

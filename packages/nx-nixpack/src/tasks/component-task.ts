import type { NixpackComponent } from '@nx-nixpack/deployment';
import type { Described } from '@nx-nixpack/sdk/workspace';

/** The options of every inferred target: they are hashed into the tasks, so they only point at the deployment file. */
export interface Pointers {
  readonly deployment: string;
  /** `<type>/<name>`. */
  readonly component: string;
}

export const pointers = ({ deployment, component }: Described): Pointers => ({
  deployment: deployment.name,
  component: component.id,
});

/** One kind of task that components have: everything that the plugin says of it to Nx follows from its row. */
export interface ComponentTask<Name extends string = string> {
  /** The folder of its executor, and the name of its target unless the plugin option says otherwise. */
  readonly name: Name;
  /** The plugin option that gives its target another name. */
  readonly option: `${string}TargetName`;
  /** One sentence without its full stop. */
  readonly description: string;
  /** Whether Nx may take the result from its cache. */
  readonly cached: boolean;
  /** Its folder below the outputs of the component; absent when it leaves nothing that Nx should keep. */
  readonly leaves?: string;
  /** Files of tasks before it that it reads: a cached result rests on these, whatever else a workspace configures. */
  readonly reads: readonly string[];
  /** The same of components that are its base. */
  readonly readsOfBases?: readonly string[];
  /** Globs of the workspace files that it reads, besides those that the workspace model names. */
  readonly watches?: (described: Described) => readonly string[];
  /** Tasks of the same component that run before it. */
  readonly after: (component: NixpackComponent) => readonly Name[];
  /** Waits for the same task of the components that `depends_on` names. */
  readonly ordered?: true;
  /** Has one configuration for each target of the deployment, because its result depends on the target. */
  readonly perTarget?: true;
  /** Runs all tasks of a run in one process. */
  readonly batch?: true;
}

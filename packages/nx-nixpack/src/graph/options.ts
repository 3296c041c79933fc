/** Options of the plugin's entry in nx.json. */
export interface PluginOptions {
  /** Glob of the deployment files, relative to the workspace root. */
  readonly deployments?: string;
  readonly planTargetName?: string;
  readonly buildTargetName?: string;
  readonly sbomTargetName?: string;
  readonly pushTargetName?: string;
  /** How a project is named whose directory has no package.json or project.json. */
  readonly projectNames?: 'component' | 'deployment-component';
  /** Environment variables that templates may read as `env.<NAME>`. */
  readonly allowedEnv?: readonly string[];
  /** Keys and values that one deployment file may have. */
  readonly maxDeploymentValues?: number;
  /** Whether builds use the proxies, mirrors and certificates that this machine has configured. */
  readonly hostNetwork?: 'inherit' | 'none';
  /** Refuse results of build-image and sbom that were not sealed with this machine's key; NX_NIXPACK_REQUIRE_SIGNED_RESULTS=true does the same. */
  readonly requireSignedResults?: boolean;
}

export type ResolvedOptions = Required<PluginOptions>;

export const DEFAULT_OPTIONS: ResolvedOptions = {
  deployments: 'deployments/**/*.{yaml,yml}',
  planTargetName: 'plan-image',
  buildTargetName: 'build-image',
  sbomTargetName: 'sbom',
  pushTargetName: 'push-image',
  projectNames: 'component',
  allowedEnv: [],
  maxDeploymentValues: 250_000,
  hostNetwork: 'inherit',
  requireSignedResults: false,
};

export const resolveOptions = (options: PluginOptions | undefined): ResolvedOptions => ({
  ...DEFAULT_OPTIONS,
  ...options,
});

/** The plugin's options as nx.json states them; the executors need them too. */
export function optionsFromNxJson(
  nxJson: { plugins?: readonly (string | { plugin: string; options?: unknown })[] } | undefined,
): ResolvedOptions {
  const entry = nxJson?.plugins?.find(
    (plugin) => typeof plugin !== 'string' && plugin.plugin === 'nx-nixpack',
  );
  return resolveOptions(typeof entry === 'object' ? (entry.options as PluginOptions) : undefined);
}

/**
 * The environment can ask for more than nx.json does, never for less: a job that publishes sets it for itself. Whatever
 * is not plainly a no is a yes, for a misspelt value must not open the door.
 */
export const signedResultsRequired = (
  { requireSignedResults }: ResolvedOptions,
  environment: Readonly<Record<string, string | undefined>>,
): boolean =>
  requireSignedResults ||
  !['', '0', 'false'].includes(environment['NX_NIXPACK_REQUIRE_SIGNED_RESULTS'] ?? '');

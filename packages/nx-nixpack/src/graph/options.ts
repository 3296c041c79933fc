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

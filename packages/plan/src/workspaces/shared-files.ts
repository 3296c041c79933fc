/** Files of a workspace's root that say which version of a language its members use. Fixed, so that plans do not drift. */
export const VERSION_FILES = ['.nvmrc', '.node-version', '.tool-versions'] as const;

/** The platforms of images (OCI image specification, `os/architecture`); the first one is meant where none is named. */
export const PLATFORMS = ['linux/amd64', 'linux/arm64'] as const;
export type Platform = (typeof PLATFORMS)[number];

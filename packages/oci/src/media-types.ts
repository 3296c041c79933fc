/** OCI image specification 1.1 and its Docker ancestors. */
export const MEDIA_TYPES = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
  layerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  layerZstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerManifestList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayer: 'application/vnd.docker.image.rootfs.diff.tar',
  dockerLayerGzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  dockerLayerZstd: 'application/vnd.docker.image.rootfs.diff.tar.zstd',
} as const;

/** The type of the blob `{}`: what a manifest names where it has nothing to say (OCI image specification 1.1). */
export const EMPTY = 'application/vnd.oci.empty.v1+json';

export const INDEX_TYPES: ReadonlySet<string> = new Set([
  MEDIA_TYPES.index,
  MEDIA_TYPES.dockerManifestList,
]);
export const MANIFEST_TYPES: ReadonlySet<string> = new Set([
  MEDIA_TYPES.manifest,
  MEDIA_TYPES.dockerManifest,
]);
export const CONFIG_TYPES: ReadonlySet<string> = new Set([
  MEDIA_TYPES.config,
  MEDIA_TYPES.dockerConfig,
]);

/** What a layer of a Docker manifest is called in an OCI manifest; the bytes are the same. */
export const OCI_LAYER_TYPES: ReadonlyMap<string, string> = new Map([
  [MEDIA_TYPES.layer, MEDIA_TYPES.layer],
  [MEDIA_TYPES.layerGzip, MEDIA_TYPES.layerGzip],
  [MEDIA_TYPES.layerZstd, MEDIA_TYPES.layerZstd],
  [MEDIA_TYPES.dockerLayer, MEDIA_TYPES.layer],
  [MEDIA_TYPES.dockerLayerGzip, MEDIA_TYPES.layerGzip],
  [MEDIA_TYPES.dockerLayerZstd, MEDIA_TYPES.layerZstd],
]);

export { compressionProfile } from './compression/compression-profile.js';
export { Digester, digestOf, hexOf, isDigest, parseDigest } from './digest.js';
export type { Digest } from './digest.js';
export { Image } from './image.js';
export type { Descriptor, History, Layer, Platform, RunConfig } from './image.js';
export { imageFrom } from './image-from.js';
export { ImageBudget } from './layer/image-budget.js';
export { layerFromStore, layerParts } from './layer/layer-from-store.js';
export type { LayerParts } from './layer/layer-from-store.js';
export { packLayer } from './layer/pack-layer.js';
export type { PackEntry } from './layer/pack-layer.js';
export type { SpecialFiles } from './layer/special-files.js';
export { unpackLayer } from './layer/unpack-layer.js';
export type { UnpackOptions } from './layer/unpack-layer.js';
export { MEDIA_TYPES } from './media-types.js';
export { ensureDirectory } from './store/ensure-directory.js';
export { openPlainFile, readPlainText } from './store/plain-file.js';
export { Store } from './store/store.js';
export { lives, ownerName, parseOwner, thisProcess } from './store/owner.js';
export { openImageTree } from './tree/image-tree.js';
export type { ImageTree } from './tree/image-tree.js';
export { openResult } from './layout/open-result.js';
export type { OpenedResult } from './layout/open-result.js';
export { readLayout } from './layout/read-layout.js';
export { writeLayout } from './layout/write-layout.js';
export { validateImage } from './validate-image.js';
export { anonymous } from './credentials/credential-source.js';
export type { Credentials, CredentialSource } from './credentials/credential-source.js';
export { CREDENTIALS, dockerCredentials } from './credentials/docker-credentials.js';
export {
  formatReference,
  isRegistryHost,
  isRepositoryName,
  isTag,
  parseReference,
} from './reference.js';
export type { Reference } from './reference.js';
export type { RegistryAccess, RegistryLimits, Repository } from './registry/access.js';
export type { TokenServers } from './registry/realm-policy.js';
export { pullImage } from './registry/pull-image.js';
export type { BlobStore, PullOptions } from './registry/pull-image.js';
export { pushImage } from './registry/push-image.js';
export type { PushOptions, PushReport } from './registry/push-image.js';
export { resolveImage } from './registry/resolve-image.js';

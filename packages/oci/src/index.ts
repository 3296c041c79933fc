export { Digester, digestOf, hexOf, isDigest, parseDigest } from './digest.js';
export type { Digest } from './digest.js';
export { Image } from './image.js';
export type { Descriptor, History, Layer, Platform, RunConfig } from './image.js';
export { imageFrom } from './image-from.js';
export { MEDIA_TYPES } from './media-types.js';

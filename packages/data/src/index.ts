export { DataFault, memberOf, positionAt } from './formats/data-node.js';
export type { DataNode, ListNode, MapEntry, MapNode, ScalarNode } from './formats/data-node.js';
export { parseJson } from './formats/json.js';
export { plainJson, withoutComments } from './formats/jsonc.js';
export { parseToml } from './formats/toml.js';
export { parseYaml } from './formats/yaml.js';
export { DEBIAN_PACKAGE } from './grammars/debian-package.js';
export {
  isRegistryHost,
  isRepositoryName,
  isTag,
  readImageReference,
  REPOSITORY,
  TAG,
} from './grammars/image-reference.js';
export type { ImageReference } from './grammars/image-reference.js';
export { PLATFORMS } from './grammars/platform.js';
export type { Platform } from './grammars/platform.js';
export * from './shape/index.js';

export { channelAccess } from './channels/channel-access.js';
export { diskTree } from './disk-tree.js';
export { execaRunner } from './execa-runner.js';
export { hostNetwork, isolatedNetwork } from './host-network.js';
export { registryAccess } from './registry-access.js';
export { storeDirectory } from './store-directory.js';

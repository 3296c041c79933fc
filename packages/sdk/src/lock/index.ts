export { chooseComponents } from './choose-components.js';
export { lockComponents } from './lock-components.js';
export type { LockRequest } from './lock-components.js';
export { LOCK_FILE, LOCK_SCHEMA } from './lock-file.js';

import type { Provider } from '../provider.js';
import { node } from './node.js';

/** Every language, in the order in which detection asks. The first that says yes plans. */
export const PROVIDERS: readonly Provider[] = [node];

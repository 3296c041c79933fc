import type { Provider } from '../provider.js';
import { go } from './go.js';
import { node } from './node.js';
import { python } from './python.js';
import { staticfile } from './staticfile.js';

/** Every language, in the order in which detection asks. The first that says yes plans. */
export const PROVIDERS: readonly Provider[] = [go, node, python, staticfile];

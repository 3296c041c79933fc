import type { Hints } from '../build-plan.js';
import type { SourceTree } from '../source-tree.js';

/** A replacement by a directory: `=> ./lib`, `=> ../lib`, `=> /lib`. */
const LOCAL_REPLACEMENT = /=>\s*["`]?\.{0,2}\//;

/** `go mod download` reads go.mod and go.sum, unless modules lie in the source. */
export function goHints(source: SourceTree): Hints {
  const text = source.has('go.mod') ? source.read('go.mod') : undefined;
  if (text === undefined)
    return { installInputsReason: 'there is no install phase without go.mod' };
  if (source.has('go.work'))
    return { installInputsReason: 'go.work names modules that lie in the source' };
  if (LOCAL_REPLACEMENT.test(text))
    return { installInputsReason: 'go.mod replaces a module by a directory' };
  return { installInputs: ['go.mod', ...(source.has('go.sum') ? ['go.sum'] : [])] };
}

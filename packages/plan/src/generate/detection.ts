import type { Detection } from '../plan/explanation.js';
import type { Environment, Provider } from '../languages/provider.js';
import type { SourceTree } from '../source/source-tree.js';
import { traced } from '../source/traced-tree.js';

/** Asks the providers in their order until one says yes; the last entry is that one, if there is one. */
export function detect(
  providers: readonly Provider[],
  source: SourceTree,
  env: Environment,
): readonly Detection[] {
  const asked: Detection[] = [];
  for (const provider of providers) {
    const trace = traced(source);
    const matched = provider.detect(trace.tree, env);
    asked.push({ provider: provider.name, matched, found: trace.found(), missed: trace.missed() });
    if (matched) break;
  }
  return asked;
}

/** Names of the detected provider: one or none. */
export function detectedNames(detection: readonly Detection[]): readonly string[] {
  return detection.filter((each) => each.matched).map((each) => each.provider);
}

import type { Build, Leftover, Sweeper } from './leftover.js';
import { nodeLeftovers } from './node.js';
import {
  javaLeftovers,
  phpLeftovers,
  pythonLeftovers,
  rubyLeftovers,
  rustLeftovers,
  zigLeftovers,
} from './others.js';

/** What the images of a language can do without. A language that is not here leaves nothing that is known to be unneeded. */
export const LEFTOVERS: Readonly<Record<string, Sweeper>> = {
  java: javaLeftovers,
  node: nodeLeftovers,
  php: phpLeftovers,
  python: pythonLeftovers,
  ruby: rubyLeftovers,
  rust: rustLeftovers,
  zig: zigLeftovers,
};

/** What of several languages' builds is removed, as one command; nothing is when one of them needs all. */
export function leftovers(providers: readonly string[], build: Build): Leftover | undefined {
  const found = providers.flatMap((name) => LEFTOVERS[name]?.(build) ?? []);
  const keeping = found.find((each) => 'kept' in each);
  if (keeping !== undefined || found.length === 0) return keeping;
  const commands = found.flatMap((each) => ('command' in each ? [each.command] : []));
  return { command: [...new Set(commands)].join(' && ') };
}

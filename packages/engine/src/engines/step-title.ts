import type { Step } from '../recipe/recipe.js';

/** One line for people, e.g. `install  npm ci`. */
export function describeStep(step: Step): string {
  switch (step.kind) {
    case 'run':
      return titled(step.phase, step.command.replaceAll('\n', '; '));
    case 'copy':
      return titled('copy', `${step.paths.join(' ')} of ${step.from} to ${step.to}`);
    case 'write':
      return titled('write', step.path);
    case 'unpack':
      return titled('unpack', `${step.archives.map(({ id }) => id).join(' ')} to ${step.to}`);
    case 'directory':
      return titled('make', step.path);
  }
}

function titled(what: string, rest: string): string {
  const short = rest.length > 120 ? `${rest.slice(0, 120)}…` : rest;
  return `${what.padEnd(8)} ${short}`;
}

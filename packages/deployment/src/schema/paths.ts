import { quote, workspacePath, type WorkspacePath } from '@nx-nixpack/base';
import { mapped, type FaultText, type Shape } from '@nx-nixpack/data';
import { literal } from './combinators/texts.js';
import { nonEmpty } from './grammars/names.js';
import { pathBelow } from './grammars/paths.js';

/** A directory of the workspace, or the workspace itself. */
export const directory: Shape<WorkspacePath> = mapped(
  literal({ grammar: nonEmpty }),
  (written, slot, reading) => {
    const path = workspacePath(written);
    if (/[\\\n\t]/.test(written)) return reading.report(slot, noPath(path ?? written));
    return path ?? reading.report(slot, outside(written));
  },
);

/** Something below the workspace root. */
export const belowWorkspace: Shape<WorkspacePath> = mapped(
  literal({ grammar: pathBelow('the workspace root') }),
  (written) => workspacePath(written),
);

const noPath = (written: string): FaultText => ({
  code: 'CONFIG_INVALID_VALUE',
  message: `${quote(written)} is not a path`,
  hint: 'Write a path with forward slashes: services/api.',
});

export const outside = (source: string) =>
  ({
    code: 'SOURCE_OUTSIDE_WORKSPACE',
    message: `The source ${quote(source)} is outside the workspace`,
    hint: 'Name a directory below the workspace root, relative to it.',
  }) as const;

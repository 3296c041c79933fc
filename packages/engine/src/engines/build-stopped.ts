import { UserError } from '@nx-nixpack/base';

/** What an engine throws when its request was aborted. */
export const buildStopped = (): UserError =>
  new UserError({
    code: 'ENGINE_ABORTED',
    message: 'The build was stopped',
    hint: 'Run the task again; what was finished is in the store.',
  });

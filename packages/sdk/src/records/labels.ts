import { templatePaths } from '@nx-nixpack/deployment';

type Labels = Readonly<Record<string, string>>;

/** A label that depends on the commit or the target is no part of the image, which is built once and promoted. */
const isChanging = ([, value]: [string, string]): boolean =>
  templatePaths(value).some((path) => /^(git\.|context\.|target$)/.test(path));

/** The labels that are part of the image. */
export const labelsInImage = (labels: Labels): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).filter((entry) => !isChanging(entry)));

/** The others, rendered by each push. */
export const labelsAtPush = (labels: Labels): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).filter(isChanging));

import { pathsOf, type Template } from '@nx-nixpack/deployment';

type Labels = Readonly<Record<string, Template>>;

/** A label that depends on the commit or the target is not part of the image, which is built once and promoted. */
const isChanging = ([, value]: [string, Template]): boolean =>
  pathsOf(value).some((path) => /^(git\.|context\.|target$)/.test(path));

/** The labels that are part of the image. */
export const labelsInImage = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).filter((entry) => !isChanging(entry)));

/** The others, rendered by each push. */
export const labelsAtPush = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).filter(isChanging));

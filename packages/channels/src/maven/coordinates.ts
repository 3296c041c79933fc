import { shown, unavailable } from '../failures.js';

/** What a name of the channel means: `group:artifact[:extension[:classifier]]`, as Maven writes it; the extension is `jar`. */
export interface Coordinates {
  readonly group: string;
  readonly artifact: string;
  readonly extension: string;
  readonly classifier: string;
}

const PART = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$/;

/** Throws UserError TOOLCHAIN_UNAVAILABLE for what is no name: names become paths. */
export function coordinatesOf(name: string): Coordinates {
  const [group = '', artifact = '', extension = 'jar', classifier = '', more] = name.split(':');
  const parts = [group, artifact, extension, ...(classifier === '' ? [] : [classifier])];
  const isName =
    more === undefined && parts.every((part) => PART.test(part) && !part.includes('..'));
  if (isName) return { group, artifact, extension, classifier };
  throw unavailable(
    `${shown(name)} is no name of a Maven artifact`,
    'Write GROUP:ARTIFACT, GROUP:ARTIFACT:EXTENSION or GROUP:ARTIFACT:EXTENSION:CLASSIFIER.',
  );
}

/** The folder of all versions, in the default layout of repositories. */
export const folderOf = ({ group, artifact }: Coordinates): string =>
  `${group.replaceAll('.', '/')}/${artifact}`;

export function fileOf(coordinates: Coordinates, version: string): string {
  const { artifact, extension, classifier } = coordinates;
  if (!PART.test(version) || version.includes('..'))
    throw unavailable(
      `${shown(version)} is no version of a Maven artifact`,
      'Correct the version.',
    );
  const rest = classifier === '' ? '' : `-${classifier}`;
  return `${folderOf(coordinates)}/${version}/${artifact}-${version}${rest}.${extension}`;
}

import { type ByteString, type Entry } from '@nx-nixpack/base';
import { orProblem, type Cataloger, type Problem } from '../cataloger.js';
import { readStanzas, type Stanza } from '../dpkg/control.js';
import {
  type DebianPackage,
  INFO,
  readDebianPackage,
  type Surroundings,
} from '../dpkg/debian-package.js';
import { dependsEdges } from '../dpkg/depends.js';
import { Owners } from '../dpkg/owners.js';
import { readRelease } from '../dpkg/release.js';

const STATUS = 'var/lib/dpkg/status';
/** Distroless images keep one stanza a file here. */
const STATUS_DIRECTORY = 'var/lib/dpkg/status.d/';

/** Debian packages that dpkg counts as installed, and which files they own. */
export const dpkg: Cataloger = {
  name: 'dpkg',
  type: 'deb',
  wants: ({ path }) =>
    path === STATUS ||
    path.startsWith(STATUS_DIRECTORY) ||
    (path.startsWith(INFO) && path.endsWith('.list')),

  catalog(wanted, image) {
    const problems: Problem[] = [];
    const names = new Set(wanted.map((entry) => entry.path));
    const release = readRelease(image);
    const statuses = wanted.filter(isStatus).map((entry) => entry.path);
    const installed = statuses.flatMap((path) =>
      readStatus(path, { image, names, release, problems }),
    );
    const owners = new Owners(
      image,
      new Map(installed.flatMap((one) => one.lists.map((list) => [list, one.finding.key]))),
    );
    return {
      findings: installed.map((one) => one.finding),
      edges: dependsEdges(installed),
      problems,
      owner: (path) => owners.owner(path),
    };
  },
};

const isStatus = ({ path }: Entry): boolean => !path.startsWith(INFO) && !path.endsWith('.md5sums');

function readStatus(path: ByteString, around: Surroundings): DebianPackage[] {
  const stanzas =
    orProblem(path, around.problems, () => readStanzas(around.image.text(path))) ?? [];
  return stanzas
    .filter(isInstalled)
    .flatMap(
      (stanza) =>
        orProblem(path, around.problems, () => readDebianPackage(stanza, path, around)) ?? [],
    );
}

/** Removed packages stay in the database while their configuration does. Stanzas of status.d have no such field. */
function isInstalled(stanza: Stanza): boolean {
  const state = (stanza.get('status') ?? 'install ok installed').split(/\s+/)[2];
  return state !== 'not-installed' && state !== 'config-files';
}

import { parseYaml } from '@nx-nixpack/data';
import type { Ecosystem } from './ecosystem.js';
import { dataAt, textsAt } from './manifest-data.js';
import { claims } from './member-globs.js';
import { CLAIM_FILES, claimOf, nodeEcosystem } from './node/claim.js';
import { joinDirectories } from './workspace-path.js';

const WORKSPACE_FILE = 'pnpm-workspace.yaml';

/** Recognized only. Before the others that read package.json, because its workspaces may have a `workspaces` field too. */
export const pnpm: Ecosystem = {
  ...nodeEcosystem('pnpm'),
  decidedBy: [WORKSPACE_FILE, ...CLAIM_FILES],

  claim(tree, place) {
    const path = joinDirectories(place.at, WORKSPACE_FILE);
    const globs = textsAt(dataAt(tree, path, parseYaml), 'packages');
    return claims(globs, place.directory) ? path : claimOf(tree, place, 'pnpm');
  },
};

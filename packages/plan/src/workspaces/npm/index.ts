import type { Ecosystem } from '../ecosystem.js';
import { inDirectory } from '../in-directory.js';
import { nodeEcosystem } from '../node/claim.js';
import { npmClosure } from './closure.js';
import { npmCommands, npmInstallHints } from './commands.js';
import { undeclaredImports } from './undeclared.js';

/** npm 7 and newer: package.json with `workspaces`, a package-lock.json of version 2 or 3. */
export const npm: Ecosystem = {
  ...nodeEcosystem('npm'),
  closure: {
    close: npmClosure,
    commands: npmCommands,
    installHints: npmInstallHints,
    dropDevDependencies: (command, { root }) => inDirectory(root, command),
    undeclared: undeclaredImports,
  },
};

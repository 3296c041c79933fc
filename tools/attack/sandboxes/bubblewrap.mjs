import { join } from 'node:path';
import { outputOf, rootDirectory } from './root-directory.mjs';

/** bubblewrap with every namespace of its own but the network, as build tools use it. */
export const bubblewrap = {
  name: 'bubblewrap',
  program: 'bwrap',
  async open(storage, layout) {
    const root = join(storage, 'root');
    await rootDirectory(layout, root);
    const mounts = [
      '--bind',
      root,
      '/',
      '--proc',
      '/proc',
      '--dev',
      '/dev',
      '--tmpfs',
      '/tmp',
      '--tmpfs',
      '/run',
    ];
    const walls = ['--unshare-all', '--share-net', '--die-with-parent', '--chdir', '/app'];
    return {
      run(program, variables) {
        const env = Object.entries(variables).flatMap(([name, value]) => ['--setenv', name, value]);
        return outputOf('bwrap', [...mounts, ...walls, ...env, 'perl', '-e', program]);
      },
      close: async () => {},
    };
  },
};

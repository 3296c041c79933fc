import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { outputOf } from './root-directory.mjs';

/** buildah's chroot isolation, which is what builds use where containers cannot be nested. */
export const buildah = {
  name: 'buildah chroot',
  program: 'buildah',
  async open(storage, layout) {
    const global = [
      '--root',
      join(storage, 'root'),
      '--runroot',
      join(storage, 'run'),
      '--storage-driver',
      'vfs',
    ];
    const container = execFileSync('buildah', [...global, 'from', `oci:${layout}`], {
      encoding: 'utf8',
    }).trim();
    return {
      run(program, variables) {
        const env = Object.entries(variables).flatMap(([name, value]) => [
          '--env',
          `${name}=${value}`,
        ]);
        const isolation = ['run', '--isolation', 'chroot', ...env, container, '--'];
        return outputOf('buildah', [...global, ...isolation, 'perl', '-e', program]);
      },
      close: async () =>
        void execFileSync('buildah', [...global, 'rm', container], { stdio: 'ignore' }),
    };
  },
};

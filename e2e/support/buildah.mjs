import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../../tools/root.mjs';
import { succeed } from './workspace.mjs';

const require = createRequire(join(root, 'packages', 'sdk', 'package.json'));

/**
 * The same program as the Dockerfile that nixpacks generates builds it: variables arrive as build arguments and become
 * variables of the image. Built and pushed by buildah, its files in a directory of their own.
 */
export async function buildWithBuildah({ directory, secret, npm, registry, authfile }) {
  const path = (...parts) => join(directory, ...parts);
  for (const name of ['app', 'storage', 'run', 'tmp']) mkdirSync(path(name), { recursive: true });
  const base = join(root, 'dist', 'base-images', 'node-build');
  const env = { ...process.env, TMPDIR: path('tmp'), BUILDAH_ISOLATION: 'chroot' };
  const outputs = [];
  const buildah = async (...args) => {
    const storage = [
      '--root',
      path('storage'),
      '--runroot',
      path('run'),
      '--storage-driver',
      'vfs',
    ];
    const output = await succeed('buildah', [...storage, ...args], { cwd: path('app'), env });
    outputs.push(output);
    return output.trim().split('\n').at(-1);
  };
  const image = await buildah('pull', `oci:${base}`);
  writeSource(path('app'), npm, image);
  const build = ['bud', '--isolation', 'chroot', '--network', 'host', '--format', 'oci'];
  await buildah(...build, '--build-arg', `CANARY=${secret}`, '--tag', 'canary', '.');
  await buildah('push', 'canary', `oci:${path('oci')}`);
  const push = ['push', '--tls-verify=false', '--authfile', authfile, 'canary'];
  await buildah(...push, `docker://${registry}/buildah:one`);
  return {
    output: outputs.join('\n'),
    oci: path('oci'),
    storage: path('storage'),
    temporary: path('tmp'),
  };
}

function writeSource(app, npm, buildImage) {
  const { nixpacksDockerfile } = require('@nx-nixpack/testing');
  const plan = {
    buildImage,
    variables: { CANARY: '' },
    phases: {
      install: { cmds: ['npm install'] },
      build: { dependsOn: ['install'], cmds: ['echo "the variable $CANARY"'] },
    },
    start: { cmd: 'node index.js' },
  };
  const manifest = { name: 'app', version: '1.0.0', dependencies: { '@private/canary': '1.0.0' } };
  const files = {
    Dockerfile: nixpacksDockerfile(plan),
    'package.json': JSON.stringify(manifest),
    '.npmrc': `@private:registry=${npm}/\n${npm.replace('http:', '')}/:_authToken=\${CANARY}\n`,
    'index.js': '',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(app, name), text);
}

import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { chooseEngine, ENGINES } from '@nx-nixpack/engine';
import { readLayout } from '@nx-nixpack/oci';
import { execaRunner } from '@nx-nixpack/sdk/system';
import { diskTree } from '@nx-nixpack/sdk/system';
import { mkdirSync } from 'node:fs';
import { root } from '../../root.mjs';

const PLATFORM = process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64';
const WORKER = join(root, 'packages/sdk/dist/system/embedded-worker.js');

/** The embedded engine: every attack is the command of a build of its own. */
export const nxNixpack = {
  name: 'nx-nixpack',
  async open(storage, layout) {
    const image = await readLayout(layout, { platform: PLATFORM });
    const store = join(storage, 'store');
    const source = join(storage, 'source');
    mkdirSync(source);
    const worker = () => ({ file: process.execPath, args: [WORKER] });
    const engines = ENGINES.map((make) => make({ runner: execaRunner, worker }));
    const engine = await chooseEngine('embedded', engines);
    return {
      async run(program, variables, { network }) {
        const lines = [];
        const note = (line) => void lines.push(line);
        const built = await engine
          .build({
            recipe: recipe(program, variables, network === true),
            source: diskTree(source),
            bases: { build: image },
            platform: PLATFORM,
            storeDirectory: store,
            secrets: new Map(),
            host: {
              resolvConf: '',
              hosts: '127.0.0.1 localhost\n',
              env: {},
              aptSources: [],
              loopbackPorts: [],
            },
            progress: { step: () => {}, output: note, warn: (line) => note(`warning: ${line}`) },
            signal: new AbortController().signal,
          })
          .catch((error) => void lines.push(`build: ${error.message}`));
        return { output: lines.join('\n'), image: built && (await contents(built.image)) };
      },
      close: async () => {},
    };
  },
};

const recipe = (program, variables, network) => ({
  stages: [
    {
      name: 'image',
      base: { image: 'build' },
      steps: [
        {
          kind: 'run',
          layer: 'application',
          command: 'exec perl -e "$PROGRAM" 2>&1',
          workdir: '/app',
          env: {
            PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
            HOME: '/root',
            ...variables,
            PROGRAM: program,
          },
          network,
          caches: [{ target: '/root/.cache', id: 'attack' }],
          secrets: [],
          phase: 'build',
        },
      ],
    },
  ],
  config: {},
  annotations: {},
  ownership: { uid: 0, gid: 0, paths: [] },
  interpreter: ['/bin/bash', '-l', '-o', 'pipefail', '-c'],
  created: 0,
  expected: [],
});

async function contents(image) {
  const pieces = [];
  for (const layer of image.layers.filter(({ origin }) => origin === 'own'))
    for await (const piece of layer.open()) pieces.push(piece);
  return pieces.length === 0 ? '' : gunzipSync(Buffer.concat(pieces)).toString('latin1');
}

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
      async run(program, variables, attack) {
        const lines = [];
        const note = (line) => void lines.push(line);
        const request = {
          recipe: attack.started
            ? startedRecipe(program, variables, attack)
            : recipe(program, variables, attack.network === true),
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
        };
        const failed = (error) => void lines.push(`build: ${error.message}`);
        const built = await engine.build(request).catch(failed);
        if (attack.started && built) {
          const outcome = await engine.start({ ...request, start: START }).catch(failed);
          lines.push(...(outcome?.lines ?? []));
        }
        return { output: lines.join('\n'), image: built && (await contents(built.image)) };
      },
      close: async () => {},
    };
  },
};

const START = { env: {}, ports: [], path: '/', seconds: 60, quiet: 5 };

/** A build of one step, and the program as what its image starts. */
function startedRecipe(program, variables, { before = ':', owned = [] }) {
  const { stages, ...others } = recipe('', variables, false);
  const [{ steps, ...stage }] = stages;
  const environment = { ...steps[0].env, PROGRAM: program };
  return {
    ...others,
    stages: [{ ...stage, steps: steps.map((step) => ({ ...step, command: before })) }],
    config: {
      User: '0:0',
      Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
      Entrypoint: ['/bin/bash', '-c'],
      Cmd: ['exec perl -e "$PROGRAM" 2>&1'],
    },
    ownership: { uid: owned.length > 0 ? 65532 : 0, gid: 0, paths: owned },
  };
}

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

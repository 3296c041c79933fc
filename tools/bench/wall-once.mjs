// One build of one command with the embedded engine of a checkout: CHECKOUT BASE-LAYOUT STORE SOURCE COMMAND. Prints what
// it took and the image's digest; a process of its own, so that two checkouts can take turns.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [checkout, layout, storeDirectory, source, command] = process.argv.slice(2);
const from = createRequire(join(checkout, 'package.json'));
const { ENGINES } = from('@nx-nixpack/engine');
const { readLayout } = from('@nx-nixpack/oci');
const { diskTree, execaRunner, hostNetwork } = from('@nx-nixpack/sdk/system');

const platform = process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64';
const worker = join(checkout, 'packages/sdk/dist/system/embedded-worker.js');
const engines = ENGINES.map((make) =>
  make({ runner: execaRunner, worker: () => ({ file: process.execPath, args: [worker] }) }),
);
const engine = engines.find(({ name }) => name === 'embedded');
const common = {
  layer: 'application',
  workdir: '/app',
  caches: [{ target: '/root/.npm', id: 'npm' }],
  secrets: [],
  phase: 'build',
};
const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' };
const steps = [
  { kind: 'copy', layer: 'application', from: 'source', paths: ['.'], to: '/app' },
  {
    kind: 'run',
    command,
    network: true,
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    ...common,
  },
];
const started = performance.now();
const built = await engine.build({
  recipe: {
    stages: [{ name: 'image', base: { image: 'build' }, steps }],
    config: {},
    annotations: {},
    ownership: { uid: 65532, gid: 65532, paths: ['/app'] },
    interpreter: ['/bin/bash', '-l', '-o', 'pipefail', '-c'],
    created: 0,
    expected: [],
  },
  source: diskTree(source),
  bases: { build: await readLayout(layout, { platform }) },
  platform,
  storeDirectory,
  secrets: new Map(),
  host: hostNetwork(),
  progress: {
    step: () => {},
    output: (line) => process.stderr.write(`${line}\n`),
    warn: (line) => process.stderr.write(`${line}\n`),
  },
  signal: new AbortController().signal,
});
const step = built.steps.at(-1).seconds;
console.log(
  JSON.stringify({
    seconds: (performance.now() - started) / 1000,
    step,
    digest: built.image.digest,
  }),
);

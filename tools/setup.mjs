import { parseArgs } from 'node:util';
import { buildBaseImages } from './setup/base-images.mjs';
import { main, SetupError } from './setup/command.mjs';
import { installPackages, PACKAGES } from './setup/debian-packages.mjs';

const HELP = `Prepares this machine for the tests and the demo. Doing it again changes nothing.

  node tools/setup.mjs [--packages-only] [--locked] [--out DIR]

Installs what is missing of these Debian packages (as root on Debian or Ubuntu; elsewhere it says what is missing):
  ${PACKAGES.map(({ name }) => name).join(', ')}
and composes the base images of examples/shop below DIR (default: dist/base-images); --locked stops when a
mirror no longer has a version of the lock. Registries are started by who needs one (tools/setup/registry.mjs).
`;

const log = (line) => process.stderr.write(`${line}\n`);

await main(async () => {
  const { values } = parseArgs({
    options: {
      'packages-only': { type: 'boolean', default: false },
      locked: { type: 'boolean', default: false },
      out: { type: 'string', default: 'dist/base-images' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  requireNode();
  await installPackages({ log });
  if (values['packages-only']) return;
  const images = await buildBaseImages({ out: values.out, locked: values.locked, log });
  log(`base images in ${values.out}: ${images.map(({ name }) => name).join(', ')}`);
});

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new SetupError(`Node ${process.versions.node} is too old`, 'Use Node 20.19 or later.');
}

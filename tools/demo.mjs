#!/usr/bin/env node
/** The whole line on a fresh machine: one command from a clone to four pushed images with SBOMs. */
import { installDependencies } from './install.mjs';

const HELP = `Usage: npm run demo -- [options]

Builds, catalogs and pushes the four services of examples/shop, without Docker, buildah, podman or nix.

  --registry HOST:PORT  push there (plain http on loopback); default: a registry of its own that ends with the demo
  --store DIR           store of the builds; default: NX_NIXPACK_STORE, else below the cache directory of the user
  --workspace DIR       the working copy: made when it is not there, used as it is when it is;
                        default: a fresh copy in a temporary directory
  --json FILE           write the results: components with digest, size, packages, seconds and cache hits
  --toolchain NAME      who brings compilers and interpreters: base (default), base images that are composed first;
                        debian, Debian and the registries of the languages, without any base
  --locked              stop when a mirror no longer has a locked version of a base image's package
  --help
`;

const OPTIONS = new Set(['--registry', '--store', '--workspace', '--json', '--toolchain']);
const TOOLCHAINS = ['base', 'debian'];

function readOptions(args) {
  const options = { locked: false, toolchain: TOOLCHAINS[0] };
  for (let at = 0; at < args.length; at += 1) {
    const name = args[at];
    if (name === '--locked') options.locked = true;
    else if (OPTIONS.has(name) && args[at + 1] !== undefined)
      options[name.slice(2)] = args[(at += 1)];
    else usage(name === '--help' ? 0 : 2);
  }
  if (!TOOLCHAINS.includes(options.toolchain)) usage(2);
  return options;
}

function usage(code) {
  (code === 0 ? process.stdout : process.stderr).write(HELP);
  process.exit(code);
}

const options = readOptions(process.argv.slice(2));
await installDependencies();
// Loaded late: on a fresh clone its dependencies have just been installed.
const { runDemo } = await import('./demo/run-demo.mjs');
const { main } = await import('./setup/command.mjs');
await main(() => runDemo(options));

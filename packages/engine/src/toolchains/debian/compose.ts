import type { Archive } from '@nx-nixpack/channels';
import { LOGIN_BASH } from '../../recipe/interpreter.js';
import type { LayerName, Recipe, Step } from '../../recipe/recipe.js';
import { installPackages, QUIET } from './install-packages.js';
import { DPKG_CONFIG, DPKG_CONFIG_PLACE, EXCLUDED, MERGED_USR } from './paths.js';

/**
 * Makes a minimal Debian of nothing but its packages: on an empty image they are unpacked, so that there is a shell and dpkg, and
 * then dpkg installs all of them. The same packages give the same image, on any machine.
 */
export function composeDebian(packages: readonly Archive[]): Recipe {
  return {
    stages: [{ name: 'image', base: { image: 'build' }, steps: steps(packages) }],
    config: { Env: [`PATH=${QUIET['PATH']}`], Cmd: ['/bin/bash'] },
    annotations: {},
    ownership: { uid: 0, gid: 0, paths: [] },
    interpreter: LOGIN_BASH,
    created: 0,
    expected: [],
  };
}

const LAYER: LayerName = 'base';

const steps = (packages: readonly Archive[]): Step[] => [
  {
    kind: 'unpack',
    layer: LAYER,
    archives: packages.map(({ id, integrity }) => ({ id, integrity })),
    format: 'deb',
    to: '/',
    except: [...EXCLUDED, 'usr/share/doc'],
    links: MERGED_USR,
  },
  write(DPKG_CONFIG_PLACE, DPKG_CONFIG),
  // dpkg begins with what a system has that nothing was installed in.
  ...['available', 'status'].map((name) => write(`/var/lib/dpkg/${name}`, '')),
  installPackages(packages, 'compose', { layer: LAYER }),
  // Most runtimes bring their own; where one does not, programs that listen on `localhost` would not start.
  write('/etc/hosts', HOSTS),
];

const HOSTS = '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n';

function write(path: string, text: string): Step {
  return { kind: 'write', layer: LAYER, path, content: Buffer.from(text), mode: 0o644 };
}

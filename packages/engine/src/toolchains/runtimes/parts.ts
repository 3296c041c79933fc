import { quoteWord } from '@nx-nixpack/base';
import type { Archive } from '@nx-nixpack/channels';
import type { ArchiveFormat, ArchiveUse, Step } from '../../recipe/recipe.js';
import type { RuntimeChoice, RuntimeSteps } from './runtime.js';

type Unpack = Extract<Step, { kind: 'unpack' }>;
type Places = Pick<Unpack, 'to'> &
  Partial<Pick<Unpack, 'from' | 'except' | 'executable' | 'rename'>>;

/** Where npm puts what is installed globally, so that it finds itself and what it replaces. */
export const NODE_MODULES = '/usr/local/lib/node_modules';
const BIN = '/usr/local/bin';
/** For what `npm install --global` may bring as well: that goes to /usr/local/bin, refuses what is there, and comes first. */
export const SHADOWED_BIN = '/usr/bin';

export const NO_PACKAGES: RuntimeChoice['packages'] = { run: [], build: [] };
export const NO_STEPS: RuntimeSteps = { run: [], build: [] };

export const useOf = ({ id, integrity }: Archive): ArchiveUse => ({ id, integrity });

export const unpack = (archive: Archive, format: ArchiveFormat, places: Places): Step => ({
  kind: 'unpack',
  layer: 'toolchain',
  archives: [useOf(archive)],
  format,
  ...places,
});

/** Packages of npm hold everything below one directory. */
export const unpackNpm = (archive: Archive, places: Places): Step =>
  unpack(archive, 'tar.gz', { from: '*', ...places });

/** Programs of a package where every PATH looks; what was there goes. */
export function linkPrograms(programs: Readonly<Record<string, string>>, bin = BIN): Step {
  const links = Object.entries(programs).map(
    ([name, target]) => `ln -sfn ${quoteWord(target)} ${quoteWord(`${bin}/${name}`)}`,
  );
  return setupStep([`mkdir -p ${bin}`, ...links].join(' && '));
}

/** A command while the programs are brought, cut off from the network. */
export const setupStep = (command: string): Step => ({
  kind: 'run',
  layer: 'toolchain',
  command,
  workdir: '/',
  env: { LANG: 'C.UTF-8', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  network: false,
  caches: [],
  secrets: [],
  phase: 'setup',
});

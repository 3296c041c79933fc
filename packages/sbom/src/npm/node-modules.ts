import { baseName, type ByteString, parentOf } from '@nx-nixpack/base';

/** Debian keeps the packages of its own Node.js here; Node resolves from it as from a node_modules directory. */
const DEBIAN_MODULES = 'usr/share/nodejs';
/** Where package managers with isolated layouts keep the real directories, each with a node_modules of its own. */
const STORES = ['.pnpm', '.bun', '.store'];

/** Which directories of an image hold packages, by npm's own rules: what merely looks like one (fixtures inside a package) does not count. */
export class NodeModules {
  readonly #holders = new Map<ByteString, boolean>();

  /** Whether a package (or a link to one) can lie at this path: `…/node_modules/name` or `…/node_modules/@scope/name`. */
  isPackagePlace(path: ByteString): boolean {
    const name = baseName(path);
    const parent = parentOf(path);
    if (name === '' || name.startsWith('.') || name.startsWith('@')) return false;
    return this.#isModules(baseName(parent).startsWith('@') ? parentOf(parent) : parent);
  }

  #isModules(path: ByteString): boolean {
    if (path === DEBIAN_MODULES) return true;
    if (baseName(path) !== 'node_modules') return false;
    const holder = parentOf(path);
    let answer = this.#holders.get(holder);
    if (answer === undefined) {
      answer = this.#mayHold(holder);
      this.#holders.set(holder, answer);
    }
    return answer;
  }

  /** Whether packages below this directory's node_modules are installed there. */
  #mayHold(directory: ByteString): boolean {
    if (isRuntimeBundle(directory)) return false;
    if (!isInsideModules(directory)) return true;
    const store = parentOf(directory);
    if (STORES.includes(baseName(store))) return this.#isModules(parentOf(store));
    return this.isPackagePlace(directory);
  }
}

const isInsideModules = (path: ByteString): boolean =>
  `/${path}/`.includes('/node_modules/') || `${path}/`.startsWith(`${DEBIAN_MODULES}/`);

/** npm in a global prefix is one component together with everything it bundles. */
const isRuntimeBundle = (directory: ByteString): boolean =>
  /(?:^|\/)lib\/node_modules\/(?:npm|corepack)$/.test(directory);

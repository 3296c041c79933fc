import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEBIAN_PACKAGE } from '@nx-nixpack/data';
import type { BuildPlan } from '@nx-nixpack/plan';
import { nixPackages } from '../../recipe/packages.js';
import { RUNTIMES } from '../runtimes/index.js';
import { NIX_NAMES } from './nix-names.js';
import { nixPackage } from './nix-packages.js';

const CASES = join(__dirname, '../../../../plan/conformance/cases');

/** Made up by the cases: no package of Nix is called so. */
const INVENTED = ['a', 'a,', 'b', 'fromenv', 'fromtoml', 'only'];

describe('what Debian has for Nix packages', () => {
  it('covers every name that a provider of nixpacks emits', () => {
    const plans = readdirSync(CASES).map(
      (file) =>
        (JSON.parse(readFileSync(join(CASES, file), 'utf8')) as { expectedPlan?: BuildPlan })
          .expectedPlan ?? {},
    );
    const named = new Set(plans.flatMap((plan) => nixPackages(plan)));
    const isRuntime = (name: string) => RUNTIMES.some((one) => one.wanted(name) !== undefined);
    const unknown = [...named].filter((name) => !isRuntime(name) && nixPackage(name) === undefined);
    expect(named.size).toBeGreaterThan(80);
    expect(unknown.sort()).toEqual(INVENTED);
  });

  it('has at least 300 names, none of them a runtime’s, and only names that apt takes', () => {
    const names = Object.keys(NIX_NAMES);
    expect(names.length).toBeGreaterThan(300);
    expect(names.filter((name) => RUNTIMES.some((one) => one.wanted(name) !== undefined))).toEqual(
      [],
    );
    const debian = names.flatMap((name) => {
      const { run = [], build = [] } = nixPackage(name) ?? {};
      return [...run, ...build].flatMap((wish) => wish.split(' | '));
    });
    expect(debian.filter((name) => !DEBIAN_PACKAGE.test(name))).toEqual([]);
  });

  it('keeps headers and compilers out of the image', () => {
    const inImage = Object.keys(NIX_NAMES).flatMap((name) => nixPackage(name)?.run ?? []);
    expect(inImage.filter((name) => /(?:-dev|^gcc|^g\+\+|^make)$/.test(name))).toEqual([]);
    expect(nixPackage('openssl')).toEqual({
      run: ['openssl', 'libssl3t64 | libssl3'],
      build: ['libssl-dev'],
    });
  });

  it('takes the outputs of a package together, and Python packages by their name', () => {
    expect(nixPackage('zlib.dev')).toEqual(nixPackage('zlib'));
    expect(nixPackage('stdenv.cc.cc.lib')?.run).toContain('libstdc++6');
    expect(nixPackage('python312Packages.Pillow_heif')?.run).toEqual(['python3-pillow-heif']);
    expect(nixPackage('python312Packages.a b; id')).toBeUndefined();
    expect(nixPackage('nosuchpackage')).toBeUndefined();
  });
});

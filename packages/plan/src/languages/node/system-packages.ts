import type { SourceTree } from '../../source/source-tree.js';
import { someContains } from '../../source/search.js';

/** Texts that hint at native libraries, searched for as plain text (quirk Q10). */
const MANIFESTS = ['package.json', 'package-lock.json', 'yarn.lock', 'pnpm-lock.yaml'] as const;
const BROWSER_PACKAGES =
  'libnss3 libatk1.0-0 libatk-bridge2.0-0 libcups2 libgbm1 libasound2t64 libpangocairo-1.0-0 libxss1 libgtk-3-0 libxshmfence1 libglu1 chromium'.split(
    ' ',
  );

export interface SystemPackages {
  readonly nixPkgs: readonly string[];
  readonly nixLibs: readonly string[];
  readonly aptPkgs: readonly string[];
}

/** What well-known npm packages need besides Node. */
export function systemPackages(source: SourceTree): SystemPackages {
  const uses = (name: string): boolean => someContains(source, MANIFESTS, name);
  return {
    nixPkgs: uses('prisma') ? ['openssl'] : [],
    nixLibs: [
      ...(uses('sharp') ? ['gcc-unwrapped'] : []),
      ...(uses('canvas') ? ['libuuid', 'libGL'] : []),
    ],
    aptPkgs: uses('puppeteer') ? BROWSER_PACKAGES : [],
  };
}

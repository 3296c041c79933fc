import { compareSemver } from '../npm/compare-versions.js';

const TOOLCHAIN = /^v0\.0\.1-go(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:(beta|rc)(\d+))?\./;

/** By Semantic Versioning; versions of Go's own toolchain by the Go versions in them (Go toolchains, "Go versions"). */
export function compareGo(a: string, b: string): number {
  const [left, right] = [TOOLCHAIN.exec(a), TOOLCHAIN.exec(b)];
  if (left === null || right === null) return compareSemver(a, b);
  const [one, other] = [keyOf(left), keyOf(right)];
  for (const [index, part] of one.entries())
    if (part !== other[index]) return part - (other[index] ?? 0);
  return compareSemver(a, b);
}

/** Before its release stand the candidates of a version, before those its betas. */
const keyOf = ([, major, minor = '0', patch = '0', stage, number = '0']: RegExpExecArray) =>
  [major, minor, patch, stage === 'beta' ? 0 : stage === 'rc' ? 1 : 2, number].map(Number);

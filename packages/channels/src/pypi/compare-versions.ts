import { compareText } from '@nx-nixpack/base';

const VERSION =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/i;

/** What orders a version, the most important first. */
type Key = readonly number[];

const PRE: Readonly<Record<string, number>> = {
  a: 0,
  alpha: 0,
  b: 1,
  beta: 1,
  c: 2,
  rc: 2,
  pre: 2,
  preview: 2,
};

/** By the version specifiers of PyPA (PEP 440), local versions aside; what is no version comes first. */
export function comparePep440(a: string, b: string): number {
  const [left, right] = [keyOf(a), keyOf(b)];
  if (left === undefined || right === undefined)
    return left === right ? compareText(a, b) : left === undefined ? -1 : 1;
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [one, other] = [left[index] ?? 0, right[index] ?? 0];
    if (one !== other) return one < other ? -1 : 1;
  }
  return compareText(a, b);
}

/** Release segments are as many as anybody writes. */
const SEGMENTS = 12;

function keyOf(version: string): Key | undefined {
  const match = VERSION.exec(version.trim());
  if (match === null) return undefined;
  const [, epoch = '0', release = '', pre, preNumber, post, postWord, postNumber, dev, devNumber] =
    match;
  const segments = release.split('.').map(Number);
  const isPost = post !== undefined || postWord !== undefined;
  // A bare development release comes before the pre-releases of the same release.
  const stage = pre !== undefined ? (PRE[pre.toLowerCase()] ?? 2) : dev && !isPost ? -1 : 3;
  return [
    Number(epoch),
    ...Array.from({ length: SEGMENTS }, (_, index) => segments[index] ?? 0),
    stage,
    Number(preNumber || 0),
    isPost ? Number(post ?? (postNumber || 0)) + 1 : 0,
    dev === undefined ? 1 : 0,
    Number(devNumber || 0),
  ];
}

import type { Platform } from '@nx-nixpack/data';

/** `name-version(-build)-python-abi-platform.whl` (PyPA, binary distribution format). */
const WHEEL =
  /^([A-Za-z0-9_.]+)-([A-Za-z0-9_.!+]+)(?:-(\d[A-Za-z0-9_.]*))?-([A-Za-z0-9_.]+)-([A-Za-z0-9_.]+)-([A-Za-z0-9_.]+)\.whl$/;

/** The version of a wheel that runs with any Python 3 of Debian on a platform; undefined for every other file. */
export function wheelVersion(filename: string, platform: Platform): string | undefined {
  const [, , version, , python, abi, system] = WHEEL.exec(filename) ?? [];
  if (version === undefined || python === undefined || system === undefined) return undefined;
  const machine = platform === 'linux/arm64' ? 'aarch64' : 'x86_64';
  const systems = system.split('.');
  const isMine = systems.some(
    (one) => one === 'any' || (/^(?:manylinux|linux)/.test(one) && one.endsWith(`_${machine}`)),
  );
  const isAnyPython = python.split('.').some((one) => one === 'py3') && abi === 'none';
  return isMine && isAnyPython ? version : undefined;
}

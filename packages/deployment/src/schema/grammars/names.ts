import { DEBIAN_PACKAGE, type Grammar, pattern } from '@nx-nixpack/data';

const KEBAB = '[a-z0-9]+(?:-[a-z0-9]+)*';
const LOOSE = '[a-z0-9]+(?:[-_.][a-z0-9]+)*';

export const kebabName = pattern(
  new RegExp(`^${KEBAB}$`),
  63,
  'Use lower-case letters and digits, joined by single hyphens: payment-service.',
);
export const imageComponentName = pattern(
  new RegExp(`^${KEBAB}(?:/${KEBAB})*$`),
  128,
  'Use lower-case letters and digits, joined by single hyphens: api.',
);
export const consumerName = pattern(
  new RegExp(`^${LOOSE}(?:/${LOOSE})*$`),
  128,
  'Use lower-case letters and digits, joined by single "-", "_" or ".", in parts separated by "/": ecs/taskdef-api.',
);
export const environmentName = pattern(
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  255,
  'Use letters, digits and "_", not beginning with a digit: LOG_LEVEL.',
);
export const secretName = pattern(
  /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$/,
  128,
  'Use letters, digits, "_", "-" and ".": NPM_TOKEN.',
);
export const labelKey = pattern(
  /^[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?$/,
  255,
  'Use letters, digits, ".", "_", "-" and "/", beginning and ending with a letter or digit.',
);
export const phaseName = pattern(
  /^[A-Za-z0-9](?:[A-Za-z0-9 _.:-]*[A-Za-z0-9])?$/,
  128,
  'Name a phase of the plan: setup, install or build.',
);
export const nonEmpty = pattern(/^[^]*\S[^]*$/, Infinity, 'Write some text, or leave the key out.');

export const aptPackage = pattern(
  DEBIAN_PACKAGE,
  255,
  'Name one Debian package, with an architecture or a version if need be: curl, curl:arm64 or curl=8.5.0-2.',
);
export const nixAttribute = pattern(
  /^[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_][A-Za-z0-9_-]*)*$/,
  255,
  'Name one attribute of nixpkgs: ffmpeg or python312Packages.pip.',
);
export const nxTargetName = pattern(
  /^[A-Za-z0-9_](?:[A-Za-z0-9_.:@-]*[A-Za-z0-9_])?$/,
  255,
  'Name a target of the Nx project: build.',
);

export const runtimeVersion = pattern(
  /^(?:[A-Za-z0-9*<>=^~][A-Za-z0-9 .*<>=^~|+/-]*)?$/,
  100,
  'Write a version as the language does: 22, 3.12 or ">=18 <21"; or "" for any.',
);

/** `uid:gid` in numbers: names would depend on the image's /etc/passwd. */
export const numericUser: Grammar = (text) => {
  const ids = /^(0|[1-9]\d{0,9}):(0|[1-9]\d{0,9})$/.exec(text)?.slice(1) ?? [];
  const valid = ids.length === 2 && ids.every((id) => Number(id) < 0xffffffff);
  return valid ? undefined : 'Write user and group as numbers: "65532:65532".';
};

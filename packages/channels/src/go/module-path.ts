import { shown, unavailable } from '../failures.js';

const PATH = /^[A-Za-z0-9._~-]+(?:\/[A-Za-z0-9._~-]+)*$/;
const VERSION = /^v[0-9][A-Za-z0-9.+-]{0,200}$/;

/** A module path as the proxy spells it: `!` and the small letter for a capital one (module proxy protocol). */
export function escapedPath(module: string): string {
  if (!PATH.test(module) || module.split('/').some((part) => /^\.*$/.test(part)))
    throw unavailable(`${shown(module)} is no path of a Go module`, 'Correct the name.');
  return escaped(module);
}

export function escapedVersion(version: string): string {
  if (!VERSION.test(version))
    throw unavailable(`${shown(version)} is no version of a Go module`, 'Correct the version.');
  return escaped(version);
}

const escaped = (text: string): string =>
  text.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);

/** Whether a list of globs for path prefixes, as GOPRIVATE has it, names a module. */
export function isAmong(module: string, globs: readonly string[]): boolean {
  return globs.some((glob) => {
    const depth = glob.split('/').length;
    const prefix = module.split('/').slice(0, depth).join('/');
    return globExpression(glob).test(prefix);
  });
}

/** `path.Match`: `*` and `?` stay within one part. */
const globExpression = (glob: string): RegExp => {
  const source = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${source.replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}$`);
};

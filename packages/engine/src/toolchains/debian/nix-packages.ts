import { NIX_NAMES } from './nix-names.js';

/** Debian packages that stand for a Nix package, each as a Debian dependency names it: `libicu76 | libicu72`. */
export interface Standing {
  readonly run: readonly string[];
  readonly build: readonly string[];
}

/** Parts of a Nix package; what Debian splits into packages is taken together, but headers are for the build. */
const OUTPUT = /\.(?:dev|lib|out|bin|static|man|doc)$/;
const PYTHON = /^python3[0-9]*Packages\.([A-Za-z0-9][A-Za-z0-9._-]*)$/;

/** What Debian has for a Nix package; undefined when nothing is known of it. */
export function nixPackage(attribute: string): Standing | undefined {
  const written = NIX_NAMES[attribute] ?? NIX_NAMES[attribute.replace(OUTPUT, '')];
  if (written !== undefined) return standing(written);
  const [, module] = PYTHON.exec(attribute) ?? [];
  if (module === undefined) return undefined;
  return standing(`python3-${module.toLowerCase().replaceAll(/[._]/g, '-')}`);
}

function standing(written: string): Standing {
  const [run = '', build = ''] = written.split('/');
  return { run: names(run), build: names(build) };
}

const names = (text: string): string[] =>
  text
    .trim()
    .split(/\s+/)
    .filter((name) => name !== '')
    .map((name) => name.replaceAll('|', ' | '));

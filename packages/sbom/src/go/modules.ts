import { packageUrl } from '../package-url.js';

/** A module that was compiled into an executable. */
export interface GoModule {
  readonly path: string;
  /** Empty when the build did not know it; Go itself prints `(devel)`, which is not a version. */
  readonly version: string;
  /** `h1:` sum, the SHA-256 of the module's file list in base64. */
  readonly sum: string;
  /** The path that the requirement named, when another module took its place. */
  readonly replaces?: string;
}

export interface GoModules {
  readonly main?: GoModule;
  readonly dependencies: readonly GoModule[];
  /** `key=value` pairs of the build, e.g. CGO_ENABLED. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Reads the lines that `go version -m` prints: mod, dep, =>, build. Unknown lines are skipped. */
export function readGoModules(text: string): GoModules {
  let main: GoModule | undefined;
  const dependencies: GoModule[] = [];
  const settings: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const [kind, ...fields] = line.split('\t');
    if (kind === 'mod') main = moduleOf(fields);
    if (kind === 'dep') dependencies.push(moduleOf(fields));
    if (kind === '=>') dependencies.push(replaced(dependencies.pop(), moduleOf(fields)));
    if (kind === 'build') addSetting(settings, fields.join('\t'));
  }
  return { ...(main && { main }), dependencies, settings };
}

function moduleOf([path = '', version = '', sum = '']: readonly string[]): GoModule {
  return { path, version: version === '(devel)' ? '' : version, sum };
}

/** A directory that takes a module's place has no name of its own: the module keeps its name. */
function replaced(original: GoModule | undefined, replacement: GoModule): GoModule {
  if (original === undefined) return replacement;
  if (/^(?:\.{0,2}\/|\.{1,2}$)/.test(replacement.path))
    return { ...original, sum: '', replaces: original.path };
  return { ...replacement, replaces: original.path };
}

/** A setting's key or value may be quoted as in Go. */
function addSetting(settings: Record<string, string>, text: string): void {
  const [, key, value] = /^("(?:[^"\\]|\\.)*"|[^=]*)=(.*)$/.exec(text) ?? [];
  if (key === undefined || value === undefined || key === '__proto__') return;
  settings[unquoted(key)] = unquoted(value);
}

function unquoted(text: string): string {
  if (!/^".*"$/s.test(text)) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}

/** Go's module paths are case-sensitive and stay as they are. Throws Unreadable. */
export function goPurl(path: string, version: string): string {
  const slash = path.lastIndexOf('/');
  const namespace = slash < 0 ? undefined : path.slice(0, slash);
  return packageUrl('golang', namespace, path.slice(slash + 1), version);
}

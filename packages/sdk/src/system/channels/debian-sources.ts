import { hasPassword } from '../host-file.js';

/** One source of Debian packages that the machine's apt has. */
export interface DebianSource {
  readonly uris: readonly string[];
  /** Paths of keyrings, or the keys themselves, armored. */
  readonly signedBy: readonly string[];
}

interface SourceFile {
  readonly name: string;
  readonly content: string;
}

type Fields = Readonly<Record<string, string>>;

/**
 * The sources of Debian's own packages (sources.list(5), both styles): those with a suite of a Debian release and the component
 * main. Sources of third parties name other suites or components.
 */
export function debianSources(files: readonly SourceFile[]): readonly DebianSource[] {
  return files
    .flatMap(({ name, content }) => (name.endsWith('.sources') ? stanzas(content) : lines(content)))
    .filter(isDebian)
    .map(({ uris = '', 'signed-by': signedBy = '' }) => ({
      uris: words(uris).filter((uri) => /^https?:\/\//.test(uri) && !hasPassword(uri)),
      signedBy: signedBy.includes('-----BEGIN') ? [unfolded(signedBy)] : words(signedBy),
    }));
}

const words = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== '');

const SUITE =
  /^(?:buster|bullseye|bookworm|trixie|forky|duke|sid|unstable|testing|(?:old)*stable)(?:-updates|-security|-backports|\/updates)?$/;

function isDebian({ types = '', suites = '', components = '', enabled = '' }: Fields): boolean {
  if (!words(types).includes('deb') || /^(?:no|false|0|off)$/i.test(enabled)) return false;
  return words(suites).some((suite) => SUITE.test(suite)) && words(components).includes('main');
}

/** deb822: fields of a paragraph by their names in small letters, continued lines joined. */
function stanzas(text: string): Fields[] {
  const clean = text.split('\n').filter((line) => !line.startsWith('#'));
  return clean
    .join('\n')
    .split(/\n[ \t]*\n/)
    .map((block) => {
      const fields = block.matchAll(/^([A-Za-z-]+):(.*(?:\n[ \t].*)*)/gm);
      return Object.fromEntries(
        [...fields].map(([, key = '', value = '']) => [key.toLowerCase(), value.trim()]),
      );
    });
}

/** A key in a field: lines begin with a space, an empty one is a full stop. */
const unfolded = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line.trim() === '.' ? '' : line.trim()))
    .join('\n');

/** One-line style: `deb [option=value] URI suite component…`. */
function lines(text: string): Fields[] {
  return text.split('\n').flatMap((line) => {
    const [, options = '', uris = '', suites = '', components] =
      /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line) ?? [];
    if (components === undefined) return [];
    const signedBy = /(?:^|\s)signed-by=(\S+)/.exec(options)?.[1] ?? '';
    return [{ types: 'deb', uris, suites, components: components.trim(), 'signed-by': signedBy }];
  });
}

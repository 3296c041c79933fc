/** Suites of a Debian or Ubuntu release itself; third parties name theirs otherwise. */
const POCKETS = ['', '-updates', '-security', '-backports', '-proposed', '/updates'];

export interface SourceFile {
  readonly name: string;
  readonly content: string;
}

/**
 * The host's apt sources that are mirrors of the base's own release. Others would fail in the build: their signing
 * keys are on the host alone. Empty when there is none; the base's own sources then stay in use.
 */
export function aptSourcesFor(files: readonly SourceFile[], codename: string): SourceFile[] {
  if (!/^[a-z]+$/.test(codename)) return [];
  const suites = new Set(POCKETS.map((pocket) => `${codename}${pocket}`));
  return files.flatMap(({ name, content }) => {
    const kept = name.endsWith('.sources') ? stanzas(content, suites) : lines(content, suites);
    return kept === '' ? [] : [{ name, content: kept }];
  });
}

/** deb822: paragraphs of fields, `Suites` names one or more. */
function stanzas(content: string, suites: ReadonlySet<string>): string {
  const paragraphs = content.split(/\n[ \t]*\n/).map((paragraph) =>
    paragraph
      .split('\n')
      .filter((line) => !line.startsWith('#') && line.trim() !== '')
      .join('\n'),
  );
  const kept = paragraphs.filter((paragraph) => {
    const named = /^suites:(.*)$/im.exec(paragraph)?.[1]?.trim().split(/\s+/) ?? [];
    return named.length > 0 && named.every((suite) => suites.has(suite));
  });
  return kept.length === 0 ? '' : `${kept.join('\n\n')}\n`;
}

/** One line each: `deb [options] URI SUITE COMPONENT…`. */
function lines(content: string, suites: ReadonlySet<string>): string {
  const kept = content.split('\n').filter((line) => {
    const match = /^deb(?:-src)?\s+(?:\[[^\]]*\]\s+)?\S+\s+(\S+)/.exec(line.trim());
    return match?.[1] !== undefined && suites.has(match[1]);
  });
  return kept.length === 0 ? '' : `${kept.join('\n')}\n`;
}

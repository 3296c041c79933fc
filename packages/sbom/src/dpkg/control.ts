/** One stanza of a Debian control file: fields by lower-case name. */
export type Stanza = ReadonlyMap<string, string>;

/** Reads all stanzas; continuation lines are joined with line breaks. Lines that are neither are skipped. */
export function readStanzas(text: string): Stanza[] {
  return text
    .split(/\n(?:[ \t]*\n)+/)
    .map(readStanza)
    .filter((stanza) => stanza.size > 0);
}

function readStanza(text: string): Stanza {
  const stanza = new Map<string, string>();
  let last: string | undefined;
  for (const line of text.split('\n')) {
    if (last !== undefined && (line.startsWith(' ') || line.startsWith('\t'))) {
      stanza.set(last, `${stanza.get(last) ?? ''}\n${line.slice(1)}`);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0 || line.startsWith('#')) continue;
    last = line.slice(0, colon).toLowerCase();
    stanza.set(last, line.slice(colon + 1).trim());
  }
  return stanza;
}

/** Names of a relationship field: a list of requirements, each a list of alternatives, without versions and architectures. */
export function relations(field: string | undefined): string[][] {
  if (field === undefined || field.trim() === '') return [];
  return field.split(',').map((requirement) =>
    requirement
      .split('|')
      .map(relationName)
      .filter((name) => name !== ''),
  );
}

const relationName = (text: string): string => /^\s*([a-z0-9][a-z0-9+.-]*)/i.exec(text)?.[1] ?? '';

import { DataFault, memberOf, parseToml, textOf, type DataNode } from '@nx-nixpack/data';
import { isPublicUrl, type ClientFile } from './language.js';

/** Cargo reads this one for every directory, after those of the project. */
const CONFIG = '/.cargo/config.toml';

/** The replacements of sources that a configuration of Cargo names; a source whose address holds credentials is left out. */
export const cargoFile: ClientFile = {
  places: ['.cargo/config.toml', '.cargo/config'],
  lend: (text) => {
    const sources = sourcesIn(text);
    const tables = sources?.kind === 'map' ? sources.entries.flatMap(table) : [];
    return tables.length === 0 ? {} : { files: { [CONFIG]: `${tables.join('\n')}\n` } };
  },
};

function sourcesIn(text: string): DataNode | undefined {
  try {
    return memberOf(parseToml(text), 'source');
  } catch (error) {
    if (error instanceof DataFault) return undefined; // cargo on the host says what is wrong with it
    throw error;
  }
}

const NAME = /^[\w-]+$/;

function table({ key, value }: { key: string; value: DataNode }): string[] {
  if (!NAME.test(key)) return [];
  const [other, registry] = ['replace-with', 'registry'].map((name) => {
    const member = memberOf(value, name);
    return (member && textOf(member)) ?? '';
  });
  const lines = [
    ...(NAME.test(other ?? '') ? [`replace-with = "${other}"`] : []),
    ...(isPublicUrl((registry ?? '').replace(/^sparse\+/, '')) ? [`registry = "${registry}"`] : []),
  ];
  return lines.length === 0 ? [] : [`[source.${key}]`, ...lines];
}

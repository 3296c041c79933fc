import { UNSUPPORTED, type Unsupported } from '../unsupported.js';
import type { Finding } from '../yaml/findings.js';
import type { YamlEntry, YamlNode } from '../yaml/yaml-node.js';

/** The list by keys, so that a file is walked once, however long the list gets. */
interface Branch {
  readonly lines: Unsupported[];
  readonly below: Map<string, Branch>;
}

const TREE: Branch = { lines: [], below: new Map() };
for (const line of UNSUPPORTED)
  ['deployment', ...line.at].reduce((branch, key) => grown(branch, key), TREE).lines.push(line);

function grown({ below }: Branch, key: string): Branch {
  const branch = below.get(key) ?? { lines: [], below: new Map<string, Branch>() };
  below.set(key, branch);
  return branch;
}

interface Said extends Finding {
  readonly related: number[];
}
type Told = Record<Unsupported['kind'], Said[]>;

/** Of what is only kept, one warning tells of several places: nobody reads one for each label. */
const MOST_PLACES = 10;

/** What a file says of the list: each finding stands at the key, or at the value where only some values are meant. */
export function unsupportedIn(root: YamlNode): Told {
  const told: Told = { refused: [], unread: [] };
  collect(root, TREE, told);
  return told;
}

function collect(node: YamlNode, { below }: Branch, told: Told): void {
  if (node.kind !== 'map' || below.size === 0) return;
  for (const entry of node.entries)
    for (const branch of [below.get(entry.key), below.get('*')]) {
      if (branch === undefined) continue;
      for (const line of branch.lines) tell(line, entry, told);
      collect(entry.value, branch, told);
    }
}

function tell({ kind, when, message, hint }: Unsupported, entry: YamlEntry, told: Told): void {
  const { offset, value } = entry;
  if (!(when?.(value) ?? !isEmpty(value))) return;
  const place = when ? value.offset : offset;
  const before = kind === 'unread' && told.unread.find((one) => one.message === message);
  if (!before) told[kind].push({ code: 'UNSUPPORTED', message, hint, offset: place, related: [] });
  else if (before.related.length < MOST_PLACES) before.related.push(place);
}

/** An empty map says nothing. */
const isEmpty = (value: YamlNode): boolean => value.kind === 'map' && value.entries.length === 0;

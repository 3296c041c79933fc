import { TarReader } from '../tar/tar-reader.js';
import { Canary } from './hostile/canary.contract.js';
import { DECIDED, diskState } from './hostile/disk-state.contract.js';
import type { HostileArchive, Tool } from './hostile/hostile-archive.contract.js';
import { HOSTILE_ARCHIVES } from './hostile/hostile-archives.contract.js';
import { unpackWith } from './hostile/other-tool.contract.js';
import { specialByTar } from './hostile/special-by-tar.contract.js';
import { memoryLayer } from './memory-layer.contract.js';
import { unpackLayer } from './unpack-layer.js';

/* The corpus with devices and FIFOs, beside GNU tar, bsdtar and umoci. Needs root. */

const TOOLS: readonly Tool[] = ['tar', 'bsdtar', 'umoci'];
const count = { archives: 0, escapes: 0, refused: 0, legal: 0 };
const none = () => ({ asked: 0, accepted: 0, escapes: 0, equal: 0 });
/** Of the refused archives: asked, accepted without an error, escaped. Of the others: equal trees. */
const others = { tar: none(), bsdtar: none(), umoci: none() };

let canary: Canary;
beforeEach(() => void (canary = new Canary()));
afterEach(() => canary.remove());
afterAll(() => {
  const lines = Object.entries({ ours: count, ...others }).map(
    ([name, numbers]) => `hostile archives, ${name}: ${JSON.stringify(numbers)}\n`,
  );
  process.stdout.write(lines.join(''));
});

async function unpackOurs(tars: readonly Buffer[]): Promise<string> {
  const root = canary.root();
  const special = specialByTar(canary.top);
  for (const tar of tars) await unpackLayer(memoryLayer(tar), root, { special });
  return root;
}

/** The directories that entries stand for: others have the time at which they were made. */
function given(tars: readonly Buffer[]): Set<string> {
  const found = new Set<string>();
  for (const tar of tars) {
    const entry = (each: { type: string; path: string }): void => {
      if (each.type === 'directory') found.add(each.path);
    };
    const reader = new TarReader({ entry, content: () => {} }, 'test');
    reader.write(tar);
  }
  return found;
}

function stateOf(root: string, tars: readonly Buffer[]): string[] {
  const own = given(tars);
  const lines = [...diskState(root, DECIDED)].map(([path, line]): [string, string] => {
    const [mode = '', owner = '', , ...rest] = line.split(' ');
    return [path, own.has(path) || !mode.startsWith('4') ? line : [mode, owner, ...rest].join(' ')];
  });
  return lines.filter(([path]) => path !== '' || own.has('')).map((line) => line.join(': '));
}

describe('a hostile archive that is accepted', () => {
  const accepted = HOSTILE_ARCHIVES.filter(({ verdict }) => verdict !== 'refused');

  it.each(accepted)('$name stays inside, and is what others make of it', async (archive) => {
    const tars = archive.layers(canary.outside);
    const root = await unpackOurs(tars);
    const harm = canary.harm();
    count.archives += 1;
    count.legal += archive.verdict === 'legal' ? 1 : 0;
    count.escapes += harm.length > 0 ? 1 : 0;
    expect(harm).toEqual([]);
    for (const tool of archive.like) {
      const theirs = await unpackWith(tool, tars, canary.top);
      expect([tool, theirs.failure]).toEqual([tool, undefined]);
      expect([tool, ...stateOf(theirs.root, tars)]).toEqual([tool, ...stateOf(root, tars)]);
      others[tool].equal += 1;
    }
  });
});

describe('a hostile archive that is refused', () => {
  const refused = HOSTILE_ARCHIVES.filter(({ verdict }) => verdict === 'refused');

  it.each(refused)('$name', async (archive: HostileArchive) => {
    const tars = archive.layers(canary.outside);
    await expect(unpackOurs(tars)).rejects.toMatchObject({ code: 'BASE_INVALID' });
    count.archives += 1;
    count.refused += 1;
    expect(canary.harm()).toEqual([]);
    for (const tool of TOOLS.filter((each) => !archive.slowFor.includes(each))) {
      const before = new Set(canary.harm());
      const { failure } = await unpackWith(tool, tars, canary.top);
      const numbers = others[tool];
      numbers.asked += 1;
      numbers.accepted += failure === undefined ? 1 : 0;
      numbers.escapes += canary.harm().some((path) => !before.has(path)) ? 1 : 0;
    }
  });
});

import { tar } from './tar-maker.contract.js';

/** What lies beside the root and must stay as it is. */
export interface Outside {
  /** Absolute path of a directory; `../outside` from the root. It holds the file `canary`. */
  readonly path: string;
}

export type Tool = 'tar' | 'bsdtar' | 'umoci';

export interface HostileArchive {
  readonly name: string;
  /** What a careless reader would do. */
  readonly why: string;
  /**
   * `refused`: BASE_INVALID, saying `says`. `scoped`: read with every name inside the root, as containerd does.
   * `legal`: every tool should unpack the same, as far as it knows layers (`like`).
   */
  readonly verdict: 'refused' | 'scoped' | 'legal';
  readonly says?: RegExp;
  /** The tools that give the same tree as ours. */
  readonly like: readonly Tool[];
  /** Tools that are not asked, because they need a minute for it. */
  readonly slowFor: readonly Tool[];
  /** Holds devices or FIFOs, which only root can make. */
  readonly special: boolean;
  /** Tars, the lowest first. */
  readonly layers: (outside: Outside) => readonly Buffer[];
}

type Parts = readonly Buffer[] | ((outside: string) => readonly Buffer[]);
type More = Partial<Pick<HostileArchive, 'like' | 'slowFor' | 'special'>> & {
  readonly lower?: Parts;
};

const built = (parts: Parts, { path }: Outside): Buffer =>
  tar(...(typeof parts === 'function' ? parts(path) : parts));

function row(
  parts: Parts,
  { lower, ...more }: More,
): Pick<HostileArchive, 'slowFor' | 'special' | 'layers'> {
  const layers = (outside: Outside): Buffer[] => [
    ...(lower === undefined ? [] : [built(lower, outside)]),
    built(parts, outside),
  ];
  return { slowFor: [], special: false, ...more, layers };
}

const ALL: readonly Tool[] = ['tar', 'bsdtar', 'umoci'];

/** GNU tar and bsdtar know no layers: they are asked about one layer without whiteouts. */
export const legal = (name: string, why: string, parts: Parts, more: More = {}): HostileArchive => {
  const like = more.lower === undefined ? ALL : (['umoci'] as const);
  return { name, why, verdict: 'legal', like, ...row(parts, more) };
};

export const scoped = (
  name: string,
  why: string,
  parts: Parts,
  more: More = {},
): HostileArchive => ({
  name,
  why,
  verdict: 'scoped',
  like: ['umoci'],
  ...row(parts, more),
});

export const refused = (
  name: string,
  says: RegExp,
  why: string,
  parts: Parts,
  more: More = {},
): HostileArchive => ({ name, why, says, verdict: 'refused', like: [], ...row(parts, more) });

import { encodeText } from '@nx-nixpack/base';
import type { ByteString } from '@nx-nixpack/base';

import { parseGlob } from './glob-syntax.js';
import type { GlobToken } from './glob-syntax.js';

/** Tells whether a path matches; time grows with the path's length only, whatever the glob. */
export type GlobTest = (path: ByteString) => boolean;

/** A state of the automaton: where it goes for free, and where it goes for a byte that `accepts` takes. */
interface State {
  readonly free: number[];
  accepts?: (byte: number) => boolean;
  next: number;
}
/** A set of states, met before; its successors are filled in when first needed. */
interface Known {
  readonly states: readonly number[];
  readonly final: boolean;
  readonly successors: Int32Array;
}

const MAX_KNOWN = 2_000;
const anyByte = (): boolean => true;

/** Compiles a glob; undefined when it is malformed. */
export function compileGlob(glob: ByteString): GlobTest | undefined {
  const tokens = parseGlob(glob);
  if (tokens === undefined) return undefined;
  const states: State[] = [];
  const end = build(states, tokens, newState(states));
  return matcher(states, end);
}

/** Whether a text is a glob at all. */
export const isGlob = (text: string): boolean => parseGlob(encodeText(text)) !== undefined;

function newState(states: State[]): number {
  states.push({ free: [], next: -1 });
  return states.length - 1;
}

/** Adds states that read `tokens` from `from` on and answers the state they end in. */
function build(states: State[], tokens: readonly GlobToken[], from: number): number {
  return tokens.reduce((at, token) => buildOne(states, token, at), from);
}

function buildOne(states: State[], token: GlobToken, from: number): number {
  if (token.kind === 'choice') return buildChoice(states, token.branches, from);
  if (token.kind === 'star' || token.kind === 'deep')
    return buildStar(states, token.kind === 'deep', from);
  return step(states, from, acceptor(token));
}

function acceptor(token: GlobToken): (byte: number) => boolean {
  if (token.kind === 'byte') return (byte) => byte === token.byte;
  if (token.kind !== 'class') return anyByte;
  return (byte) =>
    token.ranges.some(([low, high]) => byte >= low && byte <= high) !== token.negated;
}

function step(states: State[], from: number, accepts: (byte: number) => boolean): number {
  const reader = newState(states);
  const after = newState(states);
  states[from]?.free.push(reader);
  Object.assign(states[reader] ?? {}, { accepts, next: after });
  return after;
}

/** `*` loops on any byte; `deep` is the same followed by a slash, or nothing at all. */
function buildStar(states: State[], deep: boolean, from: number): number {
  const loop = newState(states);
  Object.assign(states[loop] ?? {}, { accepts: anyByte, next: loop });
  const after = newState(states);
  states[from]?.free.push(loop);
  if (!deep) {
    states[loop]?.free.push(after);
    return after;
  }
  states[step(states, loop, (byte) => byte === 0x2f)]?.free.push(after);
  states[from]?.free.push(after);
  return after;
}

function buildChoice(
  states: State[],
  branches: readonly (readonly GlobToken[])[],
  from: number,
): number {
  const after = newState(states);
  if (branches.length === 0) states[from]?.free.push(after);
  for (const branch of branches) {
    const start = newState(states);
    states[from]?.free.push(start);
    states[build(states, branch, start)]?.free.push(after);
  }
  return after;
}

/** Walks sets of states, remembering each set and each step, so that most bytes cost one array access. */
function matcher(states: readonly State[], end: number): GlobTest {
  let known: Known[] = [];
  let numbers = new Map<string, number>();
  const number = (set: readonly number[]): number => {
    const key = set.join(',');
    const met = numbers.get(key);
    if (met !== undefined) return met;
    known.push({ states: set, final: set.includes(end), successors: new Int32Array(256).fill(-1) });
    numbers.set(key, known.length - 1);
    return known.length - 1;
  };
  const advance = (at: Known, byte: number): number => {
    const next = at.states.filter((each) => states[each]?.accepts?.(byte) === true);
    const reached = number(
      closure(
        states,
        next.map((each) => states[each]?.next ?? -1),
      ),
    );
    at.successors[byte] = reached;
    return reached;
  };
  const start = closure(states, [0]);
  number(start);
  return (path) => {
    if (known.length > MAX_KNOWN) {
      [known, numbers] = [[], new Map()];
      number(start);
    }
    let at = known[0];
    for (let index = 0; index < path.length && at !== undefined; index++) {
      const byte = path.charCodeAt(index);
      const next: number = at.successors[byte] ?? -1;
      at = known[next >= 0 ? next : advance(at, byte)];
    }
    return at?.final ?? false;
  };
}

function closure(states: readonly State[], from: readonly number[]): readonly number[] {
  const found = new Set(from);
  for (const each of found) for (const free of states[each]?.free ?? []) found.add(free);
  return [...found].sort((a, b) => a - b);
}

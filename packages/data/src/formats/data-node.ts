import type { Position } from '@nx-nixpack/base';

/** A value of a JSON, YAML or TOML file with the place it was written at. Repeated keys are kept. */
export type DataNode = ScalarNode | ListNode | MapNode;

export interface ScalarNode {
  /** `refused`: its reader has reported it already (an unknown tag, say), nothing more is said about it. */
  readonly kind: 'null' | 'boolean' | 'integer' | 'float' | 'text' | 'datetime' | 'refused';
  readonly value: string | number | bigint | boolean | null;
  /** YAML only: what was written, which is what a reader that wants text gets. */
  readonly literal?: string;
  readonly offset: number;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly DataNode[];
  readonly offset: number;
}

export interface MapNode {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
  readonly offset: number;
}

export interface MapEntry {
  readonly key: string;
  readonly offset: number;
  readonly value: DataNode;
}

/** Something a parser or a reader did not accept, at an offset (UTF-16 units) of the text. */
export class DataFault extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** The value of a key of a map (the last one of a repeated key), or undefined. */
export function memberOf(node: DataNode | undefined, key: string): DataNode | undefined {
  if (node?.kind !== 'map') return undefined;
  return node.entries.findLast((entry) => entry.key === key)?.value;
}

/** Line and column of an offset; columns count characters, not UTF-16 units. */
export function positionAt(file: string, text: string, offset: number): Position {
  const before = text.slice(0, Math.max(0, offset));
  const start = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  return { file, line, column: [...before.slice(start)].length + 1 };
}

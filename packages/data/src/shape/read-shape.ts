import { DataFault, type DataNode } from '../formats/data-node.js';
import { Reading, type Fault, type ReadingOptions } from './reading.js';
import type { Draft, Shape } from './shape.js';

export interface ShapeResult<T> {
  /** Present when nothing is wrong. */
  readonly value?: T;
  /** What could be read in spite of faults; any part may be missing. */
  readonly draft: Draft<T> | undefined;
  /** In the order in which they were found. */
  readonly faults: readonly Fault[];
}

/** Reads a whole document and collects everything that is wrong with it. */
export function readShape<T>(
  shape: Shape<T>,
  node: DataNode,
  options: ReadingOptions = {},
): ShapeResult<T> {
  const reading = new Reading(options);
  const value = shape.read({ node, keyAt: node.offset, path: undefined }, reading);
  const { faults } = reading;
  const draft = value as Draft<T> | undefined;
  return faults.length > 0 || value === undefined ? { draft, faults } : { value, draft, faults };
}

/** A fault of a document that is read by a shape, with all that is known of it. */
export class ShapeFault extends DataFault {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message, fault.offset);
    this.fault = fault;
  }
}

/** The value, for users who stop at the first fault. Throws a ShapeFault. */
export function readOrThrow<T>(shape: Shape<T>, node: DataNode, options: ReadingOptions = {}): T {
  const { value, faults } = readShape(shape, node, options);
  const [first] = faults;
  if (first !== undefined) throw new ShapeFault(first);
  return value as T;
}

import type { Problem } from '@nx-nixpack/base';
import type { LayerParts } from '@nx-nixpack/oci';
import type { StartOutcome } from '../../engine.js';

export interface StepReport {
  readonly title: string;
  readonly cached: boolean;
  readonly seconds: number;
}

/** What the worker tells the engine: one JSON object a line. An empty line only shows that somebody listens. */
export type Message =
  | { readonly kind: 'step' | 'output' | 'warn'; readonly text: string }
  | {
      readonly kind: 'done';
      readonly layers: readonly LayerParts[];
      readonly steps: readonly StepReport[];
    }
  | { readonly kind: 'started'; readonly outcome: StartOutcome }
  | { readonly kind: 'failed'; readonly problem: Problem }
  /** A snapshot was damaged and is gone: the same request works when it is tried again. */
  | { readonly kind: 'damaged'; readonly text: string }
  | { readonly kind: 'bug'; readonly text: string };

/** Lines of a program that are longer are cut, so that a message stays one line of the pipe. */
const MAX_TEXT = 8192;

export const encodeMessage = (message: Message): string => `${JSON.stringify(message)}\n`;

export const outputMessage = (line: string): Message => ({
  kind: 'output',
  text: line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT)}…` : line,
});

export function decodeMessage(line: string): Message | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Message;
  } catch {
    return undefined;
  }
}

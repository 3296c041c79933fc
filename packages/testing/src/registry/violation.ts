import { failure, type Reply } from './exchange.js';

/** Something that a client of the distribution specification must not do. It is answered with 400 and remembered. */
export class Violation extends Error {
  readonly reply: Reply;
  constructor(message: string, reply: Reply = failure(400, 'UNSUPPORTED', message)) {
    super(message);
    this.reply = reply;
  }
}

export function demand(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Violation(message);
}

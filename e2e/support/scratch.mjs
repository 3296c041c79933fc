import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** A temporary directory and the programs that work in it. Both go with the process too, also when it is interrupted. */
export class Scratch {
  #running = new Set();

  constructor(prefix) {
    this.directory = mkdtempSync(join(tmpdir(), prefix));
    process.on('exit', this.remove);
    // Without a handler a signal ends the process and no listener of 'exit' is called.
    for (const signal of SIGNALS) process.on(signal, interrupted);
  }

  /** To be called with each program that is started. */
  watch = (child) => {
    this.#running.add(child);
    child.once('close', () => this.#running.delete(child));
  };

  /** Synchronous and without throwing, for it runs at the end of the process. */
  remove = () => {
    process.off('exit', this.remove);
    for (const signal of SIGNALS) process.off(signal, interrupted);
    for (const child of this.#running) child.kill('SIGKILL');
    try {
      // What the programs have started themselves may write for another moment.
      rmSync(this.directory, { recursive: true, force: true, maxRetries: 10 });
    } catch (error) {
      console.error(`${this.directory} is left: ${error.message}`);
    }
  };
}

const interrupted = () => process.exit(1);

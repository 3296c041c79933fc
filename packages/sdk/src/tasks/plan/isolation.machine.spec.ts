import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

const ROOT = join(__dirname, '../../../../..');
const EXAMPLES = join(ROOT, 'packages', 'plan', 'examples');

/** The system calls that start a program or reach for a network, as strace saw them. */
function traced(args: readonly string[]): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'strace-'));
  try {
    const log = join(directory, 'log');
    const options = ['-f', '-qq', '-e', 'trace=execve,execveat,connect,bind,sendto', '-o', log];
    execFileSync('strace', [...options, process.execPath, ...args], { cwd: ROOT, stdio: 'pipe' });
    return readFileSync(log, 'utf8').split('\n').filter(Boolean);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe('planning', () => {
  let scratch: string;
  beforeEach(() => (scratch = mkdtempSync(join(tmpdir(), 'planning-'))));
  afterEach(() => rmSync(scratch, { recursive: true }));

  it('starts no process and opens no connection, whatever the example', () => {
    const names = readdirSync(EXAMPLES);
    for (const name of names) {
      const { files } = parse(readFileSync(join(EXAMPLES, name), 'utf8')) as {
        files: Record<string, string | null>;
      };
      for (const [path, text] of Object.entries(files)) {
        const file = join(scratch, name, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text ?? '');
      }
    }
    const directories = names.map((name) => join(scratch, name));
    const calls = traced([join('tools', 'bench', 'plan-once.mjs'), ...directories]);
    expect(names.length).toBeGreaterThan(40);
    expect(calls).toEqual([expect.stringContaining('execve(')]);
  });

  it('would be noticed if it did', () => {
    const calls = traced(['-e', 'require("node:child_process").execFileSync("true")']);
    expect(calls.length).toBeGreaterThan(1);
  });
});

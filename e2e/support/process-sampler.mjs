import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const EVERY_MS = 20;

/**
 * Reads the command line and the environment of every process of this machine at about 50 Hz, in a process of its own,
 * until it is stopped. `stop()` gives the number of samples and the command lines of the processes in which a form was:
 * `lines` and `environments`, of the latter those that run in a host name of their own (the sandbox's) as `sandboxed`.
 */
export function sampleProcesses(forms) {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {},
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  const ended = new Promise((done) => child.once('close', done));
  // Not by an argument: it would find itself.
  child.stdin.write(`${JSON.stringify(forms.map((form) => form.toString('latin1')))}\n`);
  return {
    async stop() {
      child.stdin.end();
      await ended;
      return JSON.parse(output);
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) sample();

function sample() {
  const seen = { samples: 0, lines: new Set(), environments: new Set(), sandboxed: new Set() };
  let forms;
  process.stdin.on('data', (chunk) => (forms ??= JSON.parse(chunk)));
  const timer = setInterval(() => {
    if (forms === undefined) return;
    seen.samples += 1;
    for (const pid of readdirSync('/proc')) if (/^\d+$/.test(pid)) look(pid, forms, seen);
  }, EVERY_MS);
  process.stdin.on('end', () => {
    clearInterval(timer);
    const found = Object.entries(seen).map(([name, value]) => [name, Number(value) || [...value]]);
    process.stdout.write(JSON.stringify(Object.fromEntries(found)));
  });
}

function look(pid, forms, seen) {
  const inherited = holds(text(`/proc/${pid}/environ`), forms);
  const line = text(`/proc/${pid}/cmdline`);
  // A program that begins or ends at this moment; who it is shows at the next one.
  if (line === '') return;
  const told = holds(line, forms);
  if (!inherited && !told) return;
  const shown = shownLine(line, forms);
  if (told) seen.lines.add(shown);
  if (!inherited) return;
  const own = link(`/proc/${pid}/ns/uts`) !== link('/proc/self/ns/uts');
  (own ? seen.sandboxed : seen.environments).add(shown);
}

const shownLine = (line, forms) =>
  forms
    .reduce((text, form) => text.replaceAll(form, '<secret>'), line)
    .replaceAll('\0', ' ')
    .slice(0, 200);

const holds = (content, forms) => forms.some((form) => content.includes(form));

function text(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // the process ended while we looked
  }
}

function link(path) {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

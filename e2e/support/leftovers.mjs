import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const text = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process ended while we looked
  }
};

/** Mounts of this machine, of every process's namespace, that lie below a directory. */
export function mountsBelow(directory) {
  const found = new Set();
  const seen = new Set();
  for (const pid of pids()) {
    const namespace = link(`/proc/${pid}/ns/mnt`);
    if (seen.has(namespace)) continue;
    seen.add(namespace);
    for (const line of text(`/proc/${pid}/mounts`).split('\n'))
      if (line.includes(directory)) found.add(line);
  }
  return [...found];
}

/** Processes whose command line or environment names a directory. */
export function processesOf(directory) {
  return pids()
    .filter((pid) => Number(pid) !== process.pid)
    .map((pid) => ({ pid, line: text(`/proc/${pid}/cmdline`).replaceAll('\0', ' ') }))
    .filter(
      ({ pid, line }) =>
        line.includes(directory) || text(`/proc/${pid}/environ`).includes(directory),
    );
}

const pids = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name));

function link(path) {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

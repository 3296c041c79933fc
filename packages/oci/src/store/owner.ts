import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The process that a temporary file belongs to. Process ids mean something inside one pid namespace only. */
export interface Owner {
  /** Inode number of the pid namespace; '0' where there is none (not Linux). */
  readonly namespace: string;
  readonly pid: number;
  /** Start of the process in clock ticks since boot: a process id alone may have been given to another since. */
  readonly started: string;
}

/** The namespace that every process of the machine is visible from (PROC_PID_INIT_INO of the kernel). */
const FIRST_NAMESPACE = '4026531836';

export const thisProcess = (): Owner => ({
  namespace: namespaceOf('self') ?? '0',
  pid: process.pid,
  started: startOf('self') ?? '0',
});

export const ownerName = ({ namespace, pid, started }: Owner): string =>
  `${namespace}-${pid}-${started}`;

export function parseOwner(name: string): Owner | undefined {
  const match = /^(\d+)-(\d+)-(\d+)-/.exec(name);
  if (match === null) return undefined;
  return { namespace: match[1] as string, pid: Number(match[2]), started: match[3] as string };
}

/** Whether the owner still lives; undefined when that cannot be known from here. */
export function lives(owner: Owner): boolean | undefined {
  const here = namespaceOf('self') ?? '0';
  if (owner.namespace === here) return here === '0' ? answers(owner.pid) : livesHere(owner);
  if (owner.namespace === '0') return undefined;
  const inside = processesIn(owner.namespace);
  // The kernel gives the number of a namespace that ended to another one: only the start of the process is its own.
  if (inside.length > 0) return inside.some((pid) => startOf(pid) === owner.started);
  return here === FIRST_NAMESPACE ? false : undefined;
}

const livesHere = (owner: Owner): boolean => startOf(String(owner.pid)) === owner.started;

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Ids, as we see them, of the processes of a namespace. */
const processesIn = (namespace: string): readonly string[] =>
  readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && namespaceOf(pid) === namespace);

function namespaceOf(pid: string): string | undefined {
  try {
    return /^pid:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/ns/pid`))?.[1];
  } catch {
    return undefined;
  }
}

/** Field 22 of /proc/PID/stat; the name in field 2 may hold spaces and parentheses. A zombie does not count. */
function startOf(pid: string): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

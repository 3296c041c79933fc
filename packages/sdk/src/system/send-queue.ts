import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const TABLES = ['/proc/self/net/tcp', '/proc/self/net/tcp6'];
/** Columns of these tables (proc_net_tcp in the kernel's documentation). */
const QUEUES = 4;
const INODE = 9;

/**
 * Bytes that this process gave to its TCP connections and that the other ends have not acknowledged: what the system still
 * has of them, megabytes on a slow line. undefined where the system does not tell (it is Linux that does).
 */
export function unacknowledged(): number | undefined {
  try {
    const own = ownSockets();
    const lines = TABLES.flatMap((path) =>
      readFileSync(path, 'latin1').trim().split('\n').slice(1),
    );
    const rows = lines.map((line) => line.trim().split(/\s+/));
    return rows
      .filter((row) => own.has(row[INODE] ?? ''))
      .reduce((sum, row) => sum + parseInt(row[QUEUES] ?? '0', 16), 0);
  } catch {
    return undefined;
  }
}

function ownSockets(): ReadonlySet<string> {
  const inodes = new Set<string>();
  for (const name of readdirSync('/proc/self/fd')) {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/self/fd/${name}`))?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  return inodes;
}

/** The one that the listing itself was read through is gone already. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

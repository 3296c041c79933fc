import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Listener } from '../../engine.js';

/** TCP_LISTEN of the kernel's tcp_states.h, as /proc/net/tcp writes it. */
const LISTEN = '0A';

/** What is listened on according to the text of /proc/net/tcp or /proc/net/tcp6, see proc(5). */
export function listenersIn(table: string): Listener[] {
  const rows = table.split('\n').slice(1);
  return rows.flatMap((row) => {
    const [, local = '', , state] = row.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    return state === LISTEN ? [{ address: addressOf(address), port: parseInt(port, 16) }] : [];
  });
}

/** Each word of four bytes stands in the byte order of the machine, which is little-endian where the engine runs. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => [
    ...Buffer.from(word, 'hex').reverse(),
  ]);
  if (bytes.length === 4) return bytes.join('.');
  const mapped = bytes.slice(0, 10).every((one) => one === 0) && bytes[10] === 0xff;
  if (mapped) return bytes.slice(12).join('.');
  const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((at) =>
    (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** What the processes of one network namespace listen on, seen from a process namespace above theirs. */
export function listenersOf(namespace: bigint): Listener[] {
  const [member] = membersOf(namespace);
  if (member === undefined) return [];
  const all = ['tcp', 'tcp6'].flatMap((name) =>
    listenersIn(readText(`/proc/${member}/net/${name}`)),
  );
  return [...new Map(all.map((one) => [`${one.port} ${one.address}`, one])).values()].sort(
    (one, other) => one.port - other.port,
  );
}

/** Seconds of processor time that the processes of one network namespace have used, see proc_pid_stat(5). */
export function workOf(namespace: bigint): number {
  const ticks = [...membersOf(namespace)].map((pid) => {
    // The name of the program, in parentheses, may hold anything.
    const fields = readText(`/proc/${pid}/stat`).replace(/^.*\)/s, '').trim().split(' ');
    return Number(fields[USER_TIME] ?? 0) + Number(fields[USER_TIME + 1] ?? 0);
  });
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS_A_SECOND;
}

/** Field 14 of the file, counted from the one behind the name. */
const USER_TIME = 11;
/** USER_HZ, which is the same on every machine that the engine runs on. */
const TICKS_A_SECOND = 100;

function* membersOf(namespace: bigint): Generator<string> {
  for (const name of readdirSync('/proc'))
    if (/^\d+$/.test(name) && isIn(name, namespace)) yield name;
}

function isIn(pid: string, namespace: bigint): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`) === `net:[${namespace}]`;
  } catch {
    // It ended meanwhile.
    return false;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

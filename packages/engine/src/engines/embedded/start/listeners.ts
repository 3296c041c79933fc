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
  const member = readdirSync('/proc').find((name) => /^\d+$/.test(name) && isIn(name, namespace));
  if (member === undefined) return [];
  const all = ['tcp', 'tcp6'].flatMap((name) => listenersIn(readTable(member, name)));
  return [...new Map(all.map((one) => [`${one.port} ${one.address}`, one])).values()].sort(
    (one, other) => one.port - other.port,
  );
}

function isIn(pid: string, namespace: bigint): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`) === `net:[${namespace}]`;
  } catch {
    // It ended meanwhile.
    return false;
  }
}

function readTable(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/net/${name}`, 'latin1');
  } catch {
    return '';
  }
}

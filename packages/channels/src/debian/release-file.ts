import { integrityOfHex } from '../integrity.js';

/** What a suite's Release file says, once its signature was checked. */
export interface ReleaseFile {
  readonly codename: string;
  /** Milliseconds since 1970. */
  readonly validUntil?: number;
  readonly byHash: boolean;
  file(path: string): IndexFile | undefined;
}

/** An index of the suite: its hash in hexadecimal digits, its size in bytes. */
export interface IndexFile {
  readonly sha256: string;
  readonly size: number;
}

/** Reads a Release file (Debian repository format); undefined for what is none. */
export function readReleaseFile(text: string): ReleaseFile | undefined {
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}:[ \\t]*(\\S.*)$`, 'm').exec(text)?.[1]?.trim();
  const codename = field('Codename');
  const [, list] = /^SHA256:[ \t]*\n((?:[ \t]+.*(?:\n|$))+)/m.exec(text) ?? [];
  if (codename === undefined || list === undefined) return undefined;
  const until = Date.parse(field('Valid-Until') ?? '');
  return {
    codename,
    ...(Number.isNaN(until) ? {} : { validUntil: until }),
    byHash: field('Acquire-By-Hash') === 'yes',
    file: (path) => indexFile(list, path),
  };
}

function indexFile(list: string, path: string): IndexFile | undefined {
  for (const line of list.split('\n')) {
    const [sha256 = '', size = '', name] = line.trim().split(/\s+/);
    if (name !== path || !/^\d{1,12}$/.test(size)) continue;
    if (integrityOfHex('sha256', sha256) !== undefined) return { sha256, size: Number(size) };
  }
  return undefined;
}

import { type ByteString, decodeText } from '@nx-nixpack/base';

/** Where something was found in the tar of a layer. */
export interface EntryPlace {
  /** Counted from 1, as `tar --list` lists entries; extended headers belong to the entry that follows them. */
  readonly number: number;
  /** The name as stored; undefined when the tar ends before it. */
  readonly name: ByteString | undefined;
  /** Offset of the entry's first header in the uncompressed tar. */
  readonly offset: number;
}

const MAX_SHOWN = 300;

export function describePlace({ number, name, offset }: EntryPlace): string {
  const shown = name === undefined ? 'without a name' : quoteName(name);
  return `entry ${number} ${shown} at byte ${offset}`;
}

/** A foreign name for a message: quoted, in ASCII what could be mistaken, bytes that are not UTF-8 as `\xff`, cut when long. */
export function quoteName(name: ByteString): string {
  const text = decodeText(name);
  const shown = text === undefined ? escapeBytes(name) : escapeText(text);
  return shown.length > MAX_SHOWN ? `"${shown.slice(0, MAX_SHOWN)}…"` : `"${shown}"`;
}

const escapeBytes = (name: ByteString): string =>
  name
    .replace(/["\\]/g, '\\$&')
    .replace(/[^ -~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** Controls, what changes the direction of text, and what is invisible. */
const escapeText = (text: string): string =>
  text
    .replace(/["\\]/g, '\\$&')
    .replace(/[\p{C}\p{Z}]/gu, (character) =>
      character === ' ' ? ' ' : `\\u{${character.codePointAt(0)?.toString(16)}}`,
    );

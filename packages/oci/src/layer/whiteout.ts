import { bytes, type ByteString } from '@nx-nixpack/base';
import { EntryFault } from '../tar/entry-fault.js';

const PREFIX = bytes`.wh.`;
const OPAQUE = '.wh..wh..opq';

/** What the name of an entry removes from the layers below (OCI image specification, layer, whiteouts). */
export type Whiteout =
  | { readonly kind: 'name'; readonly name: ByteString }
  | { readonly kind: 'contents' }
  | { readonly kind: 'nothing' };

/** undefined for an ordinary name. Throws EntryFault for a whiteout that names no entry of its directory. */
export function whiteoutOf(name: ByteString): Whiteout | undefined {
  if (!name.startsWith(PREFIX)) return undefined;
  if (name === OPAQUE) return { kind: 'contents' };
  // Other names of this kind are AUFS' own files.
  if (name.startsWith(`${PREFIX}${PREFIX}`)) return { kind: 'nothing' };
  const removed = name.slice(PREFIX.length);
  if (removed === '' || removed === '.' || removed === '..')
    throw new EntryFault('the whiteout names no entry');
  return { kind: 'name', name: removed };
}

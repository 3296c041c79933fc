import { byteStringOf, bytesOf, type ByteString } from '@nx-nixpack/base';

/** Directory part of a path of a tree; '' for a name in the root. */
export const directoryOf = (path: ByteString): ByteString =>
  path.slice(0, Math.max(0, path.lastIndexOf('/')));
export const nameIn = (path: ByteString): ByteString => path.slice(path.lastIndexOf('/') + 1);

/** The same text for keeping: a part of a string keeps all of the string in memory. */
export const ownText = (part: ByteString): ByteString => byteStringOf(bytesOf(part));

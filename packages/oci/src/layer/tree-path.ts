import { byteStringOf, bytesOf, type ByteString } from '@nx-nixpack/base';

/** The same text for keeping: a part of a string keeps all of the string in memory. */
export const ownText = (part: ByteString): ByteString => byteStringOf(bytesOf(part));

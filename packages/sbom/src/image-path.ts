import { type ByteString, decodeText } from '@nx-nixpack/base';

/** A path of the image as text: absolute; bytes that are no UTF-8 are written as \xNN, so that nothing is lost. */
export function imagePath(path: ByteString): string {
  const text = decodeText(path);
  if (text !== undefined) return `/${text}`;
  return `/${path.replace(/[\x80-\xff\\]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`)}`;
}

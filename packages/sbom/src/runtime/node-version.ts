import { bytes, type ByteString, joinPath, parentOf } from '@nx-nixpack/base';
import { type ImageView, Unreadable } from '../image-view.js';
import { searchBytes } from './search-bytes.js';

/** From the header beside it, else from the address of its own release inside the program. Throws Unreadable. */
export function nodeVersion(path: ByteString, image: ImageView): string {
  const header = joinPath(parentOf(parentOf(path)), bytes`include/node/node_version.h`);
  if (image.isFile(header)) {
    const text = image.text(header);
    const number = (part: string): string | undefined =>
      new RegExp(`#define NODE_${part}_VERSION (\\d+)`).exec(text)?.[1];
    const parts = ['MAJOR', 'MINOR', 'PATCH'].map(number);
    if (!parts.includes(undefined)) return parts.join('.');
  }
  const found = searchBytes(image.open(path), /node-v(\d+\.\d+\.\d+)(?:-headers)?\.tar/);
  if (found === undefined) throw new Unreadable('is a Node.js whose version cannot be told');
  return found;
}

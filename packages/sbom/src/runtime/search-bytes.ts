/** The first group of the first match in a file's bytes; matches are shorter than 256 bytes. */
export function searchBytes(chunks: Iterable<Uint8Array>, pattern: RegExp): string | undefined {
  let tail = '';
  for (const chunk of chunks) {
    const text =
      tail + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) return found;
    tail = text.slice(-256);
  }
  return undefined;
}

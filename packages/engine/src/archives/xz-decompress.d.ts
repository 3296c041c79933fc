/** What is used of it, in the types of Node: its own are those of a browser. */
declare module 'xz-decompress' {
  export class XzReadableStream {
    constructor(compressed: import('node:stream/web').ReadableStream<Uint8Array>);
    getReader(): import('node:stream/web').ReadableStreamDefaultReader<Uint8Array>;
  }
}

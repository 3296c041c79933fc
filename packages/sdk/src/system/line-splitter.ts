const MAX_LINE = 64 * 1024;

/** Makes lines of a stream, however it comes in pieces. A line above 64 KiB is cut. */
export function lineSplitter(onLine: (line: string) => void): {
  write(chunk: Buffer): void;
  end(): void;
} {
  let rest = Buffer.alloc(0);
  const emit = (line: Buffer): void => onLine(line.toString('utf8').replace(/\r$/, ''));
  return {
    write(chunk) {
      rest = Buffer.concat([rest, chunk]);
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        emit(rest.subarray(0, end));
        rest = rest.subarray(end + 1);
      }
      // A program that never prints a line break must not fill the memory.
      if (rest.byteLength > MAX_LINE) {
        const end = wordEnd(rest);
        emit(rest.subarray(0, end));
        rest = rest.subarray(end);
      }
    },
    end() {
      if (rest.byteLength > 0) emit(rest);
      rest = Buffer.alloc(0);
    },
  };
}

/** Where to cut, best between words: whoever looks for a secret in the parts must not get two halves of it. */
function wordEnd(bytes: Buffer): number {
  const last = Math.max(bytes.lastIndexOf(32), bytes.lastIndexOf(13), bytes.lastIndexOf(9));
  return last < 0 ? bytes.byteLength : last + 1;
}

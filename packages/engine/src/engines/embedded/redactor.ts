/** Shorter values would turn ordinary output into stars and protect nothing. */
const SHORTEST = 4;

/** Replaces every line of every secret in a line of output. */
export function redactor(secrets: Iterable<Uint8Array>): (line: string) => string {
  const values = [...secrets]
    .flatMap((secret) => Buffer.from(secret).toString('utf8').split('\n'))
    .map((value) => value.trim())
    .filter((value) => value.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  return (line) => values.reduce((text, value) => text.replaceAll(value, '***'), line);
}

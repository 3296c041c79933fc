/** A text with its XML comments blanked, so that offsets stay what they are. */
export function withoutXmlComments(text: string): string {
  const pieces: string[] = [];
  let at = 0;
  for (let start = text.indexOf('<!--'); start >= 0; start = text.indexOf('<!--', at)) {
    const end = text.indexOf('-->', start + 4);
    const stop = end < 0 ? text.length : end + 3;
    pieces.push(text.slice(at, start), text.slice(start, stop).replace(/[^\n]/g, ' '));
    at = stop;
  }
  return [...pieces, text.slice(at)].join('');
}

export interface XmlElement {
  readonly name: string;
  readonly value: string;
  readonly offset: number;
}

/** Elements that hold text alone, entities left as they are. */
export function textElements(text: string): readonly XmlElement[] {
  const pattern = /<([A-Za-z][\w.-]*)[^<>]*>(?:\s*<!\[CDATA\[([^\]]*)\]\]>\s*|([^<]*))<\//g;
  return [...text.matchAll(pattern)].map(({ index, 1: name = '', 2: data, 3: plain }) => ({
    name,
    value: (data ?? plain ?? '').trim(),
    offset: index,
  }));
}

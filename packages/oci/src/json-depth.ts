/** No manifest, index or configuration has a reason to be nested deeper. */
export const MAX_JSON_DEPTH = 64;

/**
 * Whether the brackets of a JSON text are nested deeper than MAX_JSON_DEPTH. Asked before parsing, because a parser keeps
 * some hundred bytes for each open bracket: four million of them are a small document.
 */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at);
    if (letter === QUOTE) at = endOfString(text, at);
    else if (letter === 0x7b || letter === 0x5b) depth++;
    else if (letter === 0x7d || letter === 0x5d) depth--;
    if (depth > MAX_JSON_DEPTH) return true;
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length && text.charCodeAt(at) !== QUOTE; at++)
    if (text.charCodeAt(at) === BACKSLASH) at++;
  return at;
}

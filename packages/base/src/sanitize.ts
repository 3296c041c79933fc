const MAX_LINE = 8192;
// Operating system commands, device control strings and their kin, up to BEL or ST; then CSI; then two-byte escapes.
const ESCAPES =
  /\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b\[[0-?]*[ -/]*[@-~]?|\u001b[ -/]*[0-~]?/g;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Makes foreign text safe for a terminal or a log: no control sequences, bidirectional controls shown, long lines cut. */
export function sanitize(text: string): string {
  return text
    .replace(ESCAPES, '')
    .replace(CONTROLS, '')
    .replace(BIDI, (control) => `\\u{${control.charCodeAt(0).toString(16)}}`)
    .split('\n')
    .map((line) => (line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line))
    .join('\n');
}

const LONGEST = 60;

/** Text of the user for a message: quoted, on one line, not too long. */
export function quote(text: string): string {
  const characters = text.length > LONGEST ? [...text.slice(0, 2 * LONGEST)] : [];
  if (characters.length <= LONGEST) return JSON.stringify(text);
  return JSON.stringify(`${characters.slice(0, LONGEST).join('')}…`);
}

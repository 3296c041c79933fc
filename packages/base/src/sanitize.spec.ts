import { sanitize } from './sanitize.js';

describe('sanitize', () => {
  it.each([
    ['a color', '\u001b[31mred\u001b[0m', 'red'],
    ['a cleared screen', 'a\u001b[2Jb', 'ab'],
    ['a window title', '\u001b]0;title\u0007text', 'text'],
    ['a title ended by ST', '\u001b]0;title\u001b\\text', 'text'],
    ['a device control string', '\u001bPdata\u001b\\text', 'text'],
    ['C1 controls', 'a\u009b31mb', 'a31mb'],
    ['a carriage return', 'done\rfake', 'donefake'],
    ['NUL and backspace', 'a\u0000b\u0008c', 'abc'],
  ])('removes %s', (_name, text, expected) => {
    expect(sanitize(text)).toBe(expected);
  });

  it('keeps line breaks, tabs and every other character', () => {
    expect(sanitize('ä\n\t😀 ok')).toBe('ä\n\t😀 ok');
  });

  it('shows bidirectional controls instead of obeying them', () => {
    expect(sanitize('a\u202eb')).toBe('a\\u{202e}b');
  });

  it('cuts lines that nobody can read', () => {
    expect(sanitize('x'.repeat(10_000))).toHaveLength(8193);
  });
});

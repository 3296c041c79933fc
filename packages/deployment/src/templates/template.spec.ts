import { parseTemplate, renderTemplate, templatePaths } from './template.js';

const VALUES = new Map([
  ['git.sha', '12e4567'],
  ['target', '{{ git.sha }} $& $1'],
]);

describe('parseTemplate', () => {
  it.each([
    ['', []],
    ['a', [{ text: 'a' }]],
    ['{{a}}', [{ path: 'a' }]],
    [
      'x-{{ git.sha }}{{ b }}-y',
      [{ text: 'x-' }, { path: 'git.sha' }, { path: 'b' }, { text: '-y' }],
    ],
    ['{{ }}', [{ path: '' }]],
    ['} } }}', [{ text: '} } }}' }]],
    ['{{ open', undefined],
    ['{{ a }} {{ open', undefined],
  ])('%j', (text, parts) => {
    expect(parseTemplate(text)).toEqual(parts);
  });
});

describe('renderTemplate', () => {
  it('puts values in, and does not look at them again', () => {
    expect(renderTemplate('v{{git.sha}}-{{ target }}', VALUES)).toBe(
      'v12e4567-{{ git.sha }} $& $1',
    );
    expect(renderTemplate('plain', VALUES)).toBe('plain');
  });

  it.each(['git.tag', 'context.cpu', 'env.HOME', 'nixpack.api.ref', '__proto__'])(
    'refuses {{ %s }} without a value, with a hint',
    (path) => {
      expect(() => renderTemplate(`{{ ${path} }}`, VALUES)).toThrow(
        expect.objectContaining({
          code: 'CONFIG_UNKNOWN_TEMPLATE',
          message: expect.stringContaining(path) as string,
          hint: expect.stringMatching(/\.$/) as string,
        }),
      );
    },
  );
});

describe('templatePaths', () => {
  it('names the paths in order', () => {
    expect(templatePaths('{{ b }}{{a}}{{ b }}')).toEqual(['b', 'a', 'b']);
    expect(templatePaths('{{ open')).toEqual([]);
  });
});

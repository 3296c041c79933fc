import { parseTemplate, pathsOf, renderTemplate, templateKey, type Template } from './template.js';

/** A text that closes every template it opens. */
const parsed = (text: string): Template => {
  const template = parseTemplate(text);
  if (template === undefined) throw new Error(`${text} is not closed`);
  return template;
};

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
    expect(parseTemplate(text)).toEqual(parts && { text, parts });
  });
});

describe('renderTemplate', () => {
  it('puts values in, and does not look at them again', () => {
    expect(renderTemplate(parsed('v{{git.sha}}-{{ target }}'), VALUES)).toBe(
      'v12e4567-{{ git.sha }} $& $1',
    );
    expect(renderTemplate(parsed('plain'), VALUES)).toBe('plain');
  });

  it.each(['git.tag', 'context.cpu', 'env.HOME', 'nixpack.api.ref', '__proto__'])(
    'refuses {{ %s }} without a value, with a hint',
    (path) => {
      expect(() => renderTemplate(parsed(`{{ ${path} }}`), VALUES)).toThrow(
        expect.objectContaining({
          code: 'CONFIG_UNKNOWN_TEMPLATE',
          message: expect.stringContaining(path) as string,
          hint: expect.stringMatching(/\.$/) as string,
        }),
      );
    },
  );
});

describe('pathsOf', () => {
  it('names the paths in order', () => {
    expect(pathsOf(parsed('{{ b }}{{a}}-{{ b }}'))).toEqual(['b', 'a', 'b']);
  });
});

describe('templateKey', () => {
  it('is the same for templates that differ in spaces only', () => {
    expect(templateKey(parsed('v{{git.sha}}'))).toBe(templateKey(parsed('v{{  git.sha }}')));
    expect(templateKey(parsed('v {{git.sha}}'))).not.toBe(templateKey(parsed('v{{git.sha}}')));
  });
});

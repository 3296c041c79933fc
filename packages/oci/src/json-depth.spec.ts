import { isTooDeep, MAX_JSON_DEPTH } from './json-depth.js';

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

it.each([
  ['what manifests are like', '{"a":[{"b":{}}],"c":"[[[["}', false],
  ['the deepest that is allowed', nested(MAX_JSON_DEPTH), false],
  ['one level more', nested(MAX_JSON_DEPTH + 1), true],
  ['objects', '{"a":'.repeat(100), true],
  ['many that are shut again', `[${'[],'.repeat(1000)}[]]`, false],
  ['brackets in a text with quotes', JSON.stringify({ a: `"${'['.repeat(1000)}\\` }), false],
  ['brackets after a text that ends with a backslash', `["\\\\",${'['.repeat(100)}`, true],
  ['a text without end', `"${'['.repeat(1000)}`, false],
])('%s', (_, text, expected) => {
  expect(isTooDeep(text)).toBe(expected);
});

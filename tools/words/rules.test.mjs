import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrongWords } from './rules.mjs';

const messages = (text) => wrongWords(text).map(({ message }) => message);

for (const word of [
  'licences',
  'UnlicencedThing',
  'normaliseModes',
  'unrecognised',
  'COLOURS',
  'Behaviour',
  'catalogued',
  'cancelled',
  'analysed',
  'centred',
  'organisation',
])
  test(`"${word}" is British`, () => {
    assert.match(messages(`const x = 1; // ${word} here`).join(), new RegExp(word.slice(0, 5)));
  });

for (const text of [
  'licenses and cancellation of analyses',
  'minimist, specialists, optimistic, organisms, promised, advertise, precise, raised, otherwise',
  'concentrated on percentages of centralized catalogs',
  "['mit licence', 'MIT'],",
])
  test(`nothing is wrong with "${text}"`, () => {
    assert.deepEqual(messages(text), []);
  });

for (const citation of [
  'As it says (planner specification, 9.2).',
  'What belongs to one component (monorepo.md 1.3).',
  'What tasks leave (architecture, "What the tasks leave").',
])
  test(`nobody can open "${citation}"`, () => {
    assert.match(messages(citation).join(), /cite a public document/);
  });

test('names the line and each wrong word in it', () => {
  assert.deepEqual(wrongWords('one\nlicence of a neighbour'), [
    { line: 2, message: '"licence": write license' },
    { line: 2, message: '"neighbour": write neighbor' },
  ]);
});

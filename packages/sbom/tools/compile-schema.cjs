/**
 * Compiles the CycloneDX schema that comes with the library, and ours of SPDX, into generated/, so that neither ajv nor
 * its compilation is needed when a document is checked. npm runs it after an install in this repository and before packing
 * ("prepare" in package.json).
 */
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { _, default: Ajv } = require('ajv');
const { default: standaloneCode } = require('ajv/dist/standalone');

const SCHEMAS = join(
  dirname(require.resolve('@cyclonedx/cyclonedx-library/package.json')),
  'res',
  'schema',
);
const OUTPUT = join(__dirname, '..', 'generated');
const CYCLONEDX = 'bom-1.6.SNAPSHOT.schema.json';
const REFERENCED = ['spdx.SNAPSHOT.schema.json', 'jsf-0.82.SNAPSHOT.schema.json'];
const FORMATS = ['date-time', 'idn-email', 'iri-reference', 'uri'];

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const read = (name) => readJson(join(SCHEMAS, name));

function compile(schema, referenced = []) {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    validateSchema: false,
    inlineRefs: false,
    code: { source: true, optimize: 2, formats: _`formats` },
  });
  for (const format of FORMATS) ajv.addFormat(format, () => true);
  replaceUniqueItems(ajv);
  for (const name of referenced)
    ajv.addSchema(withoutNotes(read(name)), `http://cyclonedx.org/schema/${name}`);
  return standaloneCode(ajv, ajv.compile(withoutNotes(schema)));
}

/** ajv compares every pair of items, which takes minutes for ten thousand components. */
function replaceUniqueItems(ajv) {
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    error: { message: 'must not contain equal items' },
    code(context) {
      if (context.schema) context.pass(_`uniqueItems(${context.data})`);
    },
  });
}

const NOTES = new Set([
  'title',
  'description',
  'examples',
  'default',
  'deprecated',
  '$comment',
  'meta:enum',
]);
const NAMED = new Set(['properties', 'definitions']);
const DATA = new Set(['enum', 'const', 'required']);

/** The schema without what only people read; it would be carried along in the code. */
function withoutNotes(schema) {
  if (Array.isArray(schema)) return schema.map(withoutNotes);
  if (schema === null || typeof schema !== 'object') return schema;
  const kept = Object.entries(schema).filter(([key]) => !NOTES.has(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutNotesBelow(key, value)]));
}

function withoutNotesBelow(key, value) {
  if (DATA.has(key)) return value;
  if (!NAMED.has(key)) return withoutNotes(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, schema]) => [name, withoutNotes(schema)]),
  );
}

/** `require` is a parameter: the two functions of ajv's run time are given by the caller. */
function moduleText(source, code) {
  const head = `// Made by tools/compile-schema.cjs from ${source}.`;
  return `${head}\nmodule.exports = (uniqueItems, formats, require) => { const module = { exports: {} };\n${code}\nreturn module.exports; };\n`;
}

function leave(name, text) {
  const temporary = join(OUTPUT, `${name}.${process.pid}`);
  writeFileSync(temporary, text);
  renameSync(temporary, join(OUTPUT, name));
}

mkdirSync(OUTPUT, { recursive: true });
leave(
  'cyclonedx-1.6.cjs',
  moduleText(
    'the schemas of @cyclonedx/cyclonedx-library (Apache-2.0)',
    compile(read(CYCLONEDX), REFERENCED),
  ),
);
leave(
  'spdx-2.3.cjs',
  moduleText('spdx-2.3.schema.json', compile(readJson(join(__dirname, 'spdx-2.3.schema.json')))),
);

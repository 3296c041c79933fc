/**
 * Compiles the CycloneDX schema that comes with the library into generated/cyclonedx-1.6.cjs, so that neither ajv
 * nor its compilation is needed when a document is checked. npm runs it after an install in this repository and
 * before packing ("prepare" in package.json).
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
const OUTPUT = join(__dirname, '..', 'generated', 'cyclonedx-1.6.cjs');
const ROOT = 'bom-1.6.SNAPSHOT.schema.json';
const REFERENCED = ['spdx.SNAPSHOT.schema.json', 'jsf-0.82.SNAPSHOT.schema.json'];
const FORMATS = ['date-time', 'idn-email', 'iri-reference', 'uri'];

const read = (name) => JSON.parse(readFileSync(join(SCHEMAS, name), 'utf8'));

function compile() {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    validateSchema: false,
    inlineRefs: false,
    code: { source: true, optimize: 2, formats: _`formats` },
  });
  for (const format of FORMATS) ajv.addFormat(format, () => true);
  replaceUniqueItems(ajv);
  for (const name of REFERENCED)
    ajv.addSchema(withoutNotes(read(name)), `http://cyclonedx.org/schema/${name}`);
  return standaloneCode(ajv, ajv.compile(withoutNotes(read(ROOT))));
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
function moduleText(code) {
  const head =
    '// Made by tools/compile-schema.cjs from the schemas of @cyclonedx/cyclonedx-library (Apache-2.0).';
  return `${head}\nmodule.exports = (uniqueItems, formats, require) => { const module = { exports: {} };\n${code}\nreturn module.exports; };\n`;
}

mkdirSync(dirname(OUTPUT), { recursive: true });
const temporary = `${OUTPUT}.${process.pid}`;
writeFileSync(temporary, moduleText(compile()));
renameSync(temporary, OUTPUT);

#!/usr/bin/env node
/**
 * Writes the facts of the docs from the code: what stands between `<!-- facts: NAME -->` and `<!-- /facts -->`.
 * With --check nothing is written and a page that differs from the code fails.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './root.mjs';

const require = createRequire(import.meta.url);
const json = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));

const load = (path) => require(join(root, 'packages', path));
const { deploymentJsonSchema, referenceTables } = load('deployment/dist/index.js');
const { LOCK_SCHEMA } = load('sdk/dist/lock/index.js');
const { KNOWN_NAMES } = load('sdk/dist/known-names.js');
const { RUNTIMES } = load('engine/dist/index.js');
const { NIX_NAMES } = load('engine/dist/toolchains/debian/nix-names.js');

const FACTS = {
  keys: (name) => keysTable(referenceTables(KNOWN_NAMES)[name]),
  options: (name) => optionsTable(`packages/nx-nixpack/src/${name}/schema.json`),
  dependencies: () => dependencyTable(),
  plugin: () => pluginTable(),
  tasks: () => taskTable(),
  runtimes: () => runtimeTable(),
  standins: () => standInTable(),
};

const check = process.argv.includes('--check');
const stale = pages('docs').filter((path) => {
  const text = readFileSync(join(root, path), 'utf8');
  const wanted = text.replace(
    /(<!-- facts: (\w+) ?([\w/.-]*) -->\n)[\s\S]*?(<!-- \/facts -->)/g,
    (_all, open, kind, name, close) => {
      const make = FACTS[kind];
      if (!make) return _all;
      return `${open}\n${make(name)}\n\n${close}`;
    },
  );
  if (wanted !== text && !check) writeFileSync(join(root, path), wanted);
  return wanted !== text;
});
for (const path of stale)
  console.log(
    `${path}: ${check ? 'its facts differ from the code; run node tools/docs-facts.mjs' : 'written'}`,
  );
staleSchema('packages/deployment/deployment.schema.json', deploymentJsonSchema(KNOWN_NAMES));
staleSchema('packages/nx-nixpack/nixpack.lock.schema.json', LOCK_SCHEMA);
const links = brokenLinks();
for (const link of links) console.error(link);
if (links.length > 0 || (check && stale.length > 0)) process.exitCode = 1;

function runtimeTable() {
  const rows = RUNTIMES.filter(({ channel }) => channel !== 'none').map(
    ({ name, channel, verified, license }) => [name, channel, verified, license],
  );
  return table(['runtime', 'channel', 'verified', 'license'], rows);
}

function standInTable() {
  const rows = Object.entries(NIX_NAMES).map(([name, debian]) => {
    const [run = '', build = ''] = debian.split('/').map((part) => part.trim());
    return [`\`${name}\``, run, build].map((cell) => cell.replaceAll('|', ' or '));
  });
  return table(['Nix package', 'in the image', 'in the build too'], rows);
}

function optionsTable(schemaPath) {
  const schema = json(schemaPath);
  const rows = Object.entries(schema.properties).map(
    ([name, { type, description, default: standard }]) => [
      `\`${name}\``,
      (schema.required ?? []).includes(name) ? `${type}, required` : type,
      standard === undefined ? '' : `\`${JSON.stringify(standard)}\``,
      description,
    ],
  );
  return table(['option', 'type', 'default', 'meaning'], rows);
}

/** What the plugin takes in nx.json: read from the compiled code, where the shapes of the options are. */
function pluginTable() {
  const { OPTIONS } = require(join(root, 'packages/nx-nixpack/dist/options/options.js'));
  const rows = Object.entries(OPTIONS).map(([name, { form, doc, fallback }]) => [
    `\`${name}\``,
    typeName(form),
    fallback === undefined ? '' : `\`${JSON.stringify(fallback)}\``,
    doc,
  ]);
  return table(['option', 'type', 'default', 'meaning'], rows);
}

function typeName({ kind, words }) {
  if (kind === 'words')
    return words()
      .map((word) => `\`"${word}"\``)
      .join(', ');
  return { text: 'string', flag: 'boolean', integer: 'number', list: 'list of strings' }[kind];
}

function taskTable() {
  const { TASKS } = require(join(root, 'packages/nx-nixpack/dist/tasks/tasks.js'));
  const rows = TASKS.map(({ name, description, cached, leaves, perTarget }) => [
    `[\`${name}\`](executors/${name}.md)`,
    description,
    cached ? 'yes' : 'no',
    leaves === undefined ? '' : `\`${leaves}/\``,
    perTarget ? 'one a target' : '',
  ]);
  return table(['task', 'what it does', 'cached by Nx', 'leaves', 'configurations'], rows);
}

function keysTable(rows) {
  const cells = rows.map(({ key, value, meaning, built }) => [`\`${key}\``, value, meaning, built]);
  return table(['Key', 'Value', 'Meaning', 'Not built yet'], cells);
}

/** A JSON schema for editors lies in its package as a file. */
function staleSchema(path, schema) {
  const wanted = `${JSON.stringify(schema, undefined, 2)}\n`;
  // Prettier decides how it is laid out.
  if (
    existsSync(join(root, path)) &&
    JSON.stringify(json(path)) === JSON.stringify(JSON.parse(wanted))
  )
    return;
  if (check) {
    console.error(`${path} differs from the schema; run node tools/docs-facts.mjs`);
    process.exitCode = 1;
  } else writeFileSync(join(root, path), wanted);
}

/** Every runtime dependency with the packages that use it; the reasons are prose below the table. */
function dependencyTable() {
  const users = new Map();
  for (const folder of readdirSync(join(root, 'packages')).sort()) {
    const { dependencies = {}, private: hidden } = json(`packages/${folder}/package.json`);
    if (hidden) continue;
    for (const [name, range] of Object.entries(dependencies))
      if (!name.startsWith('@nx-nixpack/'))
        users.set(`${name}\n${range}`, [...(users.get(`${name}\n${range}`) ?? []), folder]);
  }
  const rows = [...users]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, folders]) => {
      const [name, range] = key.split('\n');
      return [`\`${name}\``, `\`${range}\``, folders.join(', ')];
    });
  return table(['package', 'range', 'used by'], rows);
}

/** A Markdown table as Prettier writes it. */
function table(head, rows) {
  const escaped = [head, ...rows].map((row) =>
    row.map((cell) => String(cell).replaceAll('|', '\\|')),
  );
  const widths = head.map((_, at) => Math.max(3, ...escaped.map((row) => row[at].length)));
  const line = (cells) => `| ${cells.map((cell, at) => cell.padEnd(widths[at])).join(' | ')} |`;
  return [
    line(escaped[0]),
    line(widths.map((width) => '-'.repeat(width))),
    ...escaped.slice(1).map(line),
  ].join('\n');
}

function pages(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return pages(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** Relative links of all pages that lead nowhere. */
function brokenLinks() {
  const all = [...pages('docs'), ...readdirSync(root).filter((name) => name.endsWith('.md'))];
  return all.flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const targets = [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map(
      (match) => match[1],
    );
    return targets
      .filter((target) => !exists(join(root, path, '..', target)))
      .map((target) => `${path}: no such file: ${target}`);
  });
}

function exists(path) {
  try {
    readFileSync(path);
    return true;
  } catch (error) {
    return error.code === 'EISDIR';
  }
}

import { UserError } from '@nx-nixpack/base';
import { Composer, type Document, type ParsedNode } from 'yaml';
import type { AliasUse } from './alias-targets.js';
import { problemOf, type Findings } from './findings.js';
import { NodeReader } from './node-reader.js';
import { scanYaml, type Scan } from './scan-yaml.js';
import type { SourceText } from './source-text.js';
import { unquotedTemplate } from './unquoted-template.js';
import type { YamlNode } from './yaml-node.js';

/**
 * Every value as its text: what a scalar means is decided by the key it stands at, so `12e4567` stays a git sha.
 * Keys are compared by us, in one pass; yaml's own check is quadratic.
 */
const OPTIONS = {
  schema: 'failsafe',
  uniqueKeys: false,
  resolveKnownTags: false,
  merge: false,
  logLevel: 'silent',
} as const;

export interface ReadYaml {
  readonly root: YamlNode;
  readonly aliases: readonly AliasUse[];
}

/** Reads a file's YAML. UserError when its structure is broken (CONFIG_SYNTAX, _TOO_DEEP, _TOO_LARGE, _ALIAS_LIMIT). */
export function readYaml(source: SourceText, findings: Findings): ReadYaml {
  const scan = scanYaml(source);
  const document = onlyDocument(source, scan);
  refuseErrors(source, document, scan);
  const reader = new NodeReader({ source, scan, findings });
  const root = reader.read(document.contents);
  return { root, aliases: reader.aliases };
}

function onlyDocument(source: SourceText, { tokens }: Scan): Document.Parsed<ParsedNode> {
  const [document, second] = new Composer(OPTIONS).compose(tokens, true, source.text.length);
  tokens.length = 0;
  if (document === undefined) throw new Error('yaml composed no document');
  if (second === undefined || document.errors.length > 0) return document;
  throw new UserError({
    code: 'CONFIG_SYNTAX',
    message: 'A deployment file holds one YAML document; a second one begins here',
    hint: 'Move it to a file of its own.',
    at: source.at(second.contents?.range[0] ?? second.range[0]),
  });
}

/** Only the first error: those after it are mostly its consequences. */
function refuseErrors(source: SourceText, document: Document.Parsed, scan: Scan): void {
  const errors = document.errors.filter(({ code }) => code !== 'TAG_RESOLVE_FAILED');
  const [first] = errors.sort((a, b) => a.pos[0] - b.pos[0]);
  if (first === undefined) return;
  refuseTemplates(source, scan, first.pos[0]);
  throw new UserError({
    code: 'CONFIG_SYNTAX',
    message: `This is not YAML: ${(first.message.split('\n')[0] ?? '').replace(/\.$/, '')}`,
    hint: 'Check the indentation, quotes and brackets here and on the line before.',
    at: source.at(first.pos[0]),
  });
}

/** `v{{ git.sha }}-x` without quotes is a syntax error to YAML; the reader is better told about the quotes. */
function refuseTemplates(source: SourceText, { templates }: Scan, error: number): void {
  const line = source.lineOf(error);
  const offsets = [...templates];
  if (!offsets.some((offset) => source.lineOf(offset) === line)) return;
  throw UserError.of(offsets.map((offset) => problemOf(unquotedTemplate(offset), source)));
}

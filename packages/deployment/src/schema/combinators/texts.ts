import { didYouMean, quote } from '@nx-nixpack/base';
import {
  contextKey,
  notValid,
  oneOf,
  stepsOf,
  textOf,
  wrongType,
  type Reading,
  type Shape,
  type Slot,
  type TextRule,
} from '@nx-nixpack/data';
import type { TemplateScope, TemplateUse } from '../../templates/scope.js';
import {
  parseTemplate,
  pathsOf,
  renderTemplate,
  type Template,
  type TemplatePart,
} from '../../templates/template.js';

/** What templates may name in this file. */
export const TEMPLATES = contextKey<TemplateScope>('template scope');

/** Terminal controls, and characters that show text in another order than it has; tabs and line feeds are left to the grammars. */
const UNSAFE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\p{Surrogate}]/u;
/** Stands for a template while the text around it is checked; it fits every grammar that allows templates. */
const STAND_IN = 'x';

/** Text without templates, as the file has it: 12e4567, 1.10, 0123 and yes stay what they are. */
export const literal = (rule: TextRule = {}): Shape<string> => ({
  form: { kind: 'text', ...rule.grammar?.form },
  read: (slot, reading) => readTemplate(slot, reading, 'none', rule)?.text,
});

/** Text whose templates are known when the file is read, and filled in at once. */
export const rendered = (rule: TextRule = {}): Shape<string> => ({
  form: { kind: 'text' },
  read: (slot, reading) => {
    const template = readTemplate(slot, reading, 'static', rule);
    if (template === undefined || pathsOf(template).length === 0) return template?.text;
    return renderTemplate(template, staticValues(slot, reading));
  },
});

/** One of a few words. */
export function word<const W extends string>(...words: readonly W[]): Shape<W> {
  const known = oneOf(...words);
  return {
    form: known.form,
    read: (slot, reading) => readTemplate(slot, reading, 'none', {}) && known.read(slot, reading),
  };
}

/** The same for words that another package knows. */
export const wordFrom = (words: () => readonly string[]): Shape<string> => ({
  form: { kind: 'words', words },
  read: (slot, reading) => word(...words()).read(slot, reading),
});

/** Text that is filled in later; it travels as what was read. */
export const template = (use: TemplateUse, rule: TextRule = {}): Shape<Template> => ({
  form: { kind: 'text' },
  read: (slot, reading) => readTemplate(slot, reading, use, rule),
});

/** A text of the component that its path leads through: deployment.components.<type>.<name>. */
function staticValues({ path }: Slot, reading: Reading): ReadonlyMap<string, string> {
  const { deployment } = reading.contextOf(TEMPLATES);
  return new Map([
    ['deployment.name', deployment],
    ['component.name', String(stepsOf(path)[3] ?? '')],
  ]);
}

export function readTemplate(
  slot: Slot,
  reading: Reading,
  use: TemplateUse,
  rule: TextRule,
): Template | undefined {
  const text = textOf(slot.node);
  if (text === undefined)
    return wrongType(slot, reading, 'text', 'Write text; in quotes where YAML would read more.');
  const refuse = (message: string, hint: string): undefined =>
    reading.report(slot, { message, hint, ...(rule.code && { code: rule.code }) });
  const name = (): string => reading.nameOf(slot.path);
  if (UNSAFE.test(text)) return refuse(`${name()} holds a control character`, 'Remove it.');
  const parsed = parseTemplate(text);
  if (parsed === undefined)
    return refuse(
      `${name()} opens a template and never closes it`,
      'Write "}}" at the end of the template.',
    );
  if (!namesOnlyKnown(parsed, slot, reading, use)) return undefined;
  const expected = rule.grammar?.(standIn(parsed, use));
  if (expected === undefined) return parsed;
  return refuse(notValid(slot, reading, text, rule.sensitive), expected);
}

/** The image of another component is all of a base or nothing of it. */
function standIn({ parts }: Template, use: TemplateUse): string {
  const mixed = use === 'base' && parts.length > 1 && parts.some((part) => 'path' in part);
  return mixed ? '' : parts.map(literalPart).join('');
}

const literalPart = (part: TemplatePart): string => ('text' in part ? part.text : STAND_IN);

function namesOnlyKnown(parsed: Template, slot: Slot, reading: Reading, use: TemplateUse): boolean {
  const paths = pathsOf(parsed);
  if (paths.length === 0) return true;
  const scope = reading.contextOf(TEMPLATES);
  const unknown = new Set(paths.filter((path) => !scope.has(use, path)));
  for (const path of unknown) {
    const message = scope.has('binding', path)
      ? `The template {{ ${path} }} cannot be used here`
      : `The template path ${quote(path)} is unknown`;
    const hint = templateHint(path, use, scope);
    reading.report(slot, { code: 'CONFIG_UNKNOWN_TEMPLATE', message, hint });
  }
  return unknown.size === 0;
}

function templateHint(path: string, use: TemplateUse, scope: TemplateScope): string {
  const known = scope.known(use);
  if (known.length === 0) return 'Only literal text is allowed here.';
  if (path.startsWith('env.') && (use === 'push' || use === 'binding'))
    return "List the variable in the plugin's option allowedEnv, or use another template.";
  return didYouMean(path, known);
}

import { didYouMean, quote, type ErrorCode } from '@nx-nixpack/base';
import { report, wrongType, type Checker, type Checking, type Slot } from '../checker.js';
import type { Grammar } from '../grammars/names.js';
import { parseTemplate, type TemplatePart } from '../../templates/template.js';
import type { TemplateUse } from '../../templates/scope.js';

export interface TextRule {
  readonly grammar?: Grammar;
  /** What a broken grammar is called; CONFIG_INVALID_VALUE unless a name is checked. */
  readonly code?: ErrorCode;
  /** Which templates may stand in it; none by default. */
  readonly templates?: TemplateUse;
  /** The text may be a secret in the wrong place: problems do not repeat it. */
  readonly unspoken?: boolean;
}

/** Terminal controls, and characters that show text in another order than it has; tabs and line feeds are left to the grammars. */
const UNSAFE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\p{Surrogate}]/u;
/** Stands for a template while the text around it is checked; it fits every grammar that allows templates. */
const STAND_IN = 'x';

/** Any scalar, as the text that the file has: 12e4567, 1.10, 0123 and yes stay what they are. */
export const text =
  (rule: TextRule = {}): Checker<string> =>
  (slot, checking) => {
    const { node } = slot;
    if (node.kind !== 'text')
      return wrongType(slot, checking, 'text', 'Write text; in quotes where YAML would read more.');
    return checkText(node.text, node.at, slot.name, rule, checking);
  };

/** A key that the user chose. */
export const checkKey = (slot: Slot, rule: TextRule, checking: Checking): string | undefined =>
  checkText(slot.name, slot.keyAt, slot.name, rule, checking);

function checkText(
  value: string,
  at: number,
  name: string,
  rule: TextRule,
  checking: Checking,
): string | undefined {
  const code = rule.code ?? 'CONFIG_INVALID_VALUE';
  if (UNSAFE.test(value))
    return report(checking, code, at, `${quote(name)} holds a control character`, 'Remove it.');
  const parts = parseTemplate(value);
  if (parts === undefined)
    return report(
      checking,
      code,
      at,
      `${quote(name)} opens a template and never closes it`,
      'Write "}}" at the end of the template.',
    );
  if (!checkTemplates(parts, at, rule.templates ?? 'none', checking)) return undefined;
  const expected = brokenGrammar(parts, rule);
  if (expected === undefined) return value;
  const what = value === name ? 'a valid name' : `a valid ${quote(name)}`;
  const given = rule.unspoken ? 'This' : quote(value);
  return report(checking, code, at, `${given} is not ${what}`, expected);
}

/** The image of another component is all of a base or nothing of it. */
function brokenGrammar(
  parts: readonly TemplatePart[],
  { grammar, templates }: TextRule,
): string | undefined {
  const mixed = templates === 'base' && parts.length > 1 && parts.some((part) => 'path' in part);
  return grammar?.(mixed ? '' : parts.map(literal).join(''));
}

const literal = (part: TemplatePart): string => ('text' in part ? part.text : STAND_IN);

function checkTemplates(
  parts: readonly TemplatePart[],
  at: number,
  use: TemplateUse,
  checking: Checking,
): boolean {
  const { templates } = checking;
  const unknown = parts.flatMap((part) =>
    'path' in part && !templates.has(use, part.path) ? [part.path] : [],
  );
  for (const path of new Set(unknown)) {
    const elsewhere = templates.has('binding', path);
    const message = elsewhere
      ? `The template {{ ${path} }} cannot be used here`
      : `The template path ${quote(path)} is unknown`;
    report(checking, 'CONFIG_UNKNOWN_TEMPLATE', at, message, templateHint(path, use, checking));
  }
  return unknown.length === 0;
}

function templateHint(path: string, use: TemplateUse, { templates }: Checking): string {
  const known = templates.known(use);
  if (known.length === 0) return 'Only literal text is allowed here.';
  if (path.startsWith('env.') && (use === 'push' || use === 'binding'))
    return "List the variable in the plugin's option allowedEnv, or use another template.";
  return didYouMean(path, known);
}

import { UserError } from '@nx-nixpack/base';

/** Text as it is, or the path between `{{` and `}}`. */
export type TemplatePart = { readonly text: string } | { readonly path: string };

/** A text with places for values, read once: whoever needs to know what it names looks at its parts. */
export interface Template {
  /** As it was written. */
  readonly text: string;
  readonly parts: readonly TemplatePart[];
}

/** Undefined when a `{{` is never closed. */
export function parseTemplate(text: string): Template | undefined {
  const parts: TemplatePart[] = [];
  let end = 0;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', end)) {
    const close = text.indexOf('}}', open + 2);
    if (close < 0) return undefined;
    if (open > end) parts.push({ text: text.slice(end, open) });
    parts.push({ path: text.slice(open + 2, close).trim() });
    end = close + 2;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return { text, parts };
}

/** The paths that a template names, in order, each as often as it stands there. */
export function pathsOf({ parts }: Template): readonly string[] {
  return parts.flatMap((part) => ('path' in part ? [part.path] : []));
}

/** The same for templates that differ in the spaces between their braces only. */
export const templateKey = ({ parts }: Template): string =>
  parts.map((part) => ('text' in part ? part.text : `{{${part.path}}}`)).join('');

/** Puts values in place of `{{ path }}`. Values are not looked at again. UserError CONFIG_UNKNOWN_TEMPLATE for a path without one. */
export function renderTemplate({ parts }: Template, values: ReadonlyMap<string, string>): string {
  return parts.map((part) => ('text' in part ? part.text : valueOf(part.path, values))).join('');
}

function valueOf(path: string, values: ReadonlyMap<string, string>): string {
  const value = values.get(path);
  if (value !== undefined) return value;
  throw new UserError({
    code: 'CONFIG_UNKNOWN_TEMPLATE',
    message: `There is no value for the template {{ ${path} }}`,
    hint: hintFor(path),
  });
}

function hintFor(path: string): string {
  if (path.startsWith('git.')) return 'Run this inside a git work tree that knows it.';
  if (path.startsWith('context.')) return 'Add it to the context of this target.';
  if (path.startsWith('env.')) return 'Set the variable, and list it in the option allowedEnv.';
  return 'Correct the path in the deployment file.';
}

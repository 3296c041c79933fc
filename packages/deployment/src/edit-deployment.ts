import { UserError, quote, type WorkspacePath } from '@nx-nixpack/base';
import { isMap, parseDocument, type Document } from 'yaml';

const IMAGES = ['deployment', 'components', 'nixpack'];

/** The name that a deployment file gives; undefined for what is none. */
export function deploymentNameIn(text: string): string | undefined {
  const name: unknown = documentOf(text)?.getIn(['deployment', 'name']);
  return typeof name === 'string' ? name : undefined;
}

/** A new deployment file without components. */
export const emptyDeployment = (name: string): string => `deployment:\n  name: ${name}\n`;

/**
 * A deployment file with another component that has an image; what was there stays as it is, with its comments. Throws UserError
 * when the file is no YAML, or has one of that name.
 */
export function withImageComponent(
  { file, text }: { readonly file: WorkspacePath | string; readonly text: string },
  name: string,
  component: object,
): string {
  const document = documentOf(text);
  const refused = (message: string, hint: string): UserError =>
    new UserError({
      code: 'CONFIG_INVALID_VALUE',
      message: `${file}: ${message}`,
      hint,
      at: { file, line: 1, column: 1 },
    });
  if (document === undefined) throw refused('the file is not YAML', 'Mend it first.');
  if (document.hasIn([...IMAGES, name]))
    throw refused(`there is a component ${quote(name)} already`, 'Choose another name.');
  document.setIn([...IMAGES, name], document.createNode(component));
  return document.toString({ lineWidth: 0 });
}

function documentOf(text: string): Document | undefined {
  const document = parseDocument(text, { logLevel: 'silent', keepSourceTokens: true });
  return document.errors.length === 0 && isMap(document.contents) ? document : undefined;
}

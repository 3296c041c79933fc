import type { Problem } from '@nx-nixpack/base';
import { positionAt } from '../formats/data-node.js';

const CREDENTIAL =
  /^[^#;\n]*(?:_authToken|_auth|_password)[ \t]*=[ \t]*["']?(?!\$\{)[^\s"'$][^\n]*$/m;

/** The credential that an .npmrc spells out, which whoever can pull the image could read; undefined when there is none. */
export function npmrcCredential(path: string, text: string): Problem | undefined {
  const found = CREDENTIAL.exec(text);
  if (found === null) return undefined;
  return {
    code: 'WORKSPACE_CREDENTIALS',
    message: `${path} holds a credential, which would end up in the image`,
    hint: 'Write `${NPM_TOKEN}` in its place and name NPM_TOKEN under settings.nixpack.secrets',
    at: positionAt(path, text, found.index),
  };
}

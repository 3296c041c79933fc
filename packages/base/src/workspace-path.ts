import { normalizePath, type WorkspacePath } from './path.js';

/** The path that a text means; undefined when it is absolute or leaves the workspace. */
export const workspacePath = (text: string): WorkspacePath | undefined =>
  normalizePath(text as WorkspacePath);

/** A path that is spelled out: inWorkspace`libs/greeting`. */
export function inWorkspace(
  literal: TemplateStringsArray,
  ...parts: readonly string[]
): WorkspacePath {
  const text = String.raw({ raw: literal }, ...parts);
  const path = workspacePath(text);
  if (path === undefined) throw new Error(`${text} leaves the workspace`);
  return path;
}

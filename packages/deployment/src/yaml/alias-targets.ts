import { quote, type ErrorCode, type UserError } from '@nx-nixpack/base';
import { MAX_DEPTH, MAX_EXPANDED } from './scan-yaml.js';
import type { YamlNode } from './yaml-node.js';

type Structural = (code: ErrorCode, offset: number, message: string, hint: string) => UserError;

/** Where an alias stands, and where the value that it means. */
export interface AliasUse {
  readonly at: number;
  readonly target: number;
}

/** What aliases stand for. Their sizes are added up before anything is expanded. */
export class AliasTargets {
  readonly uses: AliasUse[] = [];
  readonly #targets = new Map<string, YamlNode | undefined>();
  readonly #structural: Structural;
  #expanded = 0;

  constructor(structural: Structural) {
    this.#structural = structural;
  }

  /** An anchor whose value is still being read: an alias to it inside would go in a cycle. */
  open(anchor: string): void {
    this.#targets.set(anchor, undefined);
  }

  close(anchor: string, node: YamlNode): void {
    this.#targets.set(anchor, node);
  }

  resolve(anchor: string, offset: number, depth: number): YamlNode {
    if (!this.#targets.has(anchor))
      throw this.#structural(
        'CONFIG_SYNTAX',
        offset,
        `The alias ${quote(`*${anchor}`)} has no anchor before it`,
        `Write &${anchor} at the value it stands for, or quote the text.`,
      );
    const target = this.#targets.get(anchor);
    if (target === undefined) throw this.#refused(offset, 'leads back to itself');
    this.uses.push({ at: offset, target: target.offset });
    this.#expanded += target.size;
    if (this.#expanded > MAX_EXPANDED || depth + target.depth > MAX_DEPTH)
      throw this.#refused(offset, 'makes the file too large when it is expanded');
    return target;
  }

  #refused(offset: number, what: string): UserError {
    const hint = 'Write the values out, or use fewer aliases.';
    return this.#structural('CONFIG_ALIAS_LIMIT', offset, `The alias ${what}`, hint);
  }
}

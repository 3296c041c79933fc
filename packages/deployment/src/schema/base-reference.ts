import type { Position } from '@nx-nixpack/base';
import { contextKey, type Shape } from '@nx-nixpack/data';
import { parseTemplate } from '../templates/template.js';
import { readTemplate } from './combinators/texts.js';
import { baseImage, layoutPath } from './grammars/images.js';

/** What an image is built on, read once; `written` is what the user wrote. */
export type BaseReference =
  /** A reference of a registry, the same as `written`. */
  | { readonly kind: 'registry'; readonly written: string; readonly at?: Position }
  /** An OCI image layout on disk: `oci:PATH`. */
  | {
      readonly kind: 'layout';
      readonly written: string;
      readonly path: string;
      readonly at?: Position;
    }
  /** The image of another component of the deployment: `{{ nixpack.<name>.ref }}`. */
  | {
      readonly kind: 'component';
      readonly written: string;
      readonly component: string;
      readonly at?: Position;
    };

const COMPONENT = /^nixpack\.(.+)\.ref$/;

/** Also for bases that no deployment file names: those of plans and records. */
export function parseBaseReference(written: string, at?: Position): BaseReference {
  const place = at && { at };
  const path = layoutPath(written);
  if (path !== undefined) return { kind: 'layout', written, path, ...place };
  const [part, ...others] = parseTemplate(written)?.parts ?? [];
  const component = part && 'path' in part && COMPONENT.exec(part.path)?.[1];
  if (component && others.length === 0) return { kind: 'component', written, component, ...place };
  return { kind: 'registry', written, ...place };
}

/** Turns offsets of the file into lines and columns, for values that carry their place. */
export const PLACES = contextKey<(offset: number) => Position>('places');

export const base: Shape<BaseReference> = {
  form: { kind: 'text' },
  read: (slot, reading) => {
    const template = readTemplate(slot, reading, 'base', { grammar: baseImage });
    const at = reading.contextOf(PLACES)(slot.node.offset);
    return template && parseBaseReference(template.text, at);
  },
};

import { workspacePath, type WorkspacePath } from '@nx-nixpack/base';
import {
  anyValue,
  count,
  list,
  mapOf,
  mapped,
  oneOf,
  optional,
  PLATFORMS,
  refine,
  struct,
  text,
  type DataNode,
  type Shape,
} from '@nx-nixpack/data';
import { isDigest, type Digest } from '@nx-nixpack/oci';

export { count };
export const string = text();
export const strings = list(string);
export const stringMap = mapOf(string, string);

export const digest: Shape<Digest> = mapped(string, (value, slot, reading) =>
  isDigest(value)
    ? value
    : reading.report(slot, { message: `${reading.nameOf(slot.path)} is not a sha256 digest` }),
);

/** As it was planned: a path that is not normalized is not ours. */
export const path: Shape<WorkspacePath> = mapped(string, (value, slot, reading) => {
  const known = workspacePath(value);
  if (known === value) return known;
  return reading.report(slot, {
    message: `${reading.nameOf(slot.path)} is not a path of the workspace`,
  });
});

const platform = oneOf(...PLATFORMS);

/** One entry a platform, at least one. */
export const perPlatform = <T>(entry: Shape<T>): Shape<Readonly<Record<string, T>>> =>
  refine(mapOf(platform, entry), (entries, slot, reading) =>
    Object.keys(entries).length > 0
      ? undefined
      : { message: `${reading.nameOf(slot.path)} names none` },
  );

/** Any value of JSON, as it is. */
export const json: Shape<unknown> = mapped(anyValue, valueOf);

function valueOf(node: DataNode): unknown {
  if (node.kind === 'list') return node.items.map(valueOf);
  if (node.kind === 'map')
    return Object.fromEntries(node.entries.map(({ key, value }) => [key, valueOf(value)]));
  return node.value;
}

/** A base image: how the deployment file names it, and what that was when it was looked at. */
export const pin = struct({
  /** A reference of a registry, `oci:PATH`, or the template of another component's image. */
  reference: string,
  /** Absent only for the image of another component, which is built in the same run. */
  digest: optional(digest),
  /** Name of the nixpack component (same deployment) whose image this is. */
  component: optional(string),
});

import { count, either, flag, lenient, mapOf, struct, text, type Infer } from '@nx-nixpack/data';

/** One file of a project in the simple repository API. */
export const projectFile = struct(
  {
    filename: text(),
    url: text(),
    hashes: mapOf(text(), text()),
    size: lenient(count),
    yanked: lenient(either(flag, text())),
  },
  { unknown: 'skip' },
);

export type ProjectFile = Infer<typeof projectFile>;

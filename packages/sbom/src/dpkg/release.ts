import { bytes } from '@nx-nixpack/base';
import { orProblem } from '../cataloger.js';
import type { ImageView } from '../image-view.js';

export interface Release {
  readonly id: string;
  readonly distro?: string;
}

/** The distribution's name for package addresses, from os-release. */
export function readRelease(image: ImageView): Release {
  const path = [bytes`etc/os-release`, bytes`usr/lib/os-release`].find((file) =>
    image.isFile(file),
  );
  const text = (path && orProblem(path, [], () => image.text(path))) ?? '';
  const value = (key: string): string | undefined =>
    new RegExp(`^${key}=["']?([\\w.-]+)`, 'm').exec(text)?.[1];
  const id = value('ID') ?? 'debian';
  const version = value('VERSION_ID');
  return { id, ...(version !== undefined && { distro: `${id}-${version}` }) };
}

import type { Tree } from 'nx/src/devkit-exports';

/** Formats what was changed as Nx does, in a workspace that has the package which does it. */
export async function formatted(tree: Tree): Promise<void> {
  try {
    const { formatFiles } = await import('@nx/devkit');
    await formatFiles(tree);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
  }
}

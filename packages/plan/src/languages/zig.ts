import { buildPhase, installPhase, setupPhase } from '../plan/phase.js';
import type { RuntimeWish } from '../plan/build-plan.js';
import { textOf } from '../source/manifest.js';
import type { SourceTree } from '../source/source-tree.js';
import { pinnedFile, pinnedTool, wishOf } from '../source/pinned-tool.js';
import type { Provider } from './provider.js';

export const zig: Provider = {
  name: 'zig',

  detect: (source) => source.files('*.zig').length > 0,

  plan(source) {
    const submodules = source.has('.gitmodules') ? ['git submodule update --init'] : [];
    const cmd = `./zig-out/bin/${source.name}`;
    return {
      plan: {
        phases: {
          setup: setupPhase(['zig']),
          install: installPhase(submodules),
          build: buildPhase(['zig build -Doptimize=ReleaseSafe']),
        },
        start: { cmd },
      },
      hints: { runtimes: zigRuntimes(source) },
      decisions: [
        { subject: 'start command', choice: cmd, because: "the source directory's own name" },
      ],
    };
  },
};

/** Zig changes with every minor version, and its package file names the least one. */
function zigRuntimes(source: SourceTree): readonly RuntimeWish[] {
  const file = 'build.zig.zon';
  const version = /\.minimum_zig_version\s*=\s*"([^"]+)"/.exec(textOf(source, file))?.[1];
  return wishOf(
    'zig',
    version === undefined ? undefined : { version, from: file },
    pinnedFile(source, '.zigversion'),
    pinnedTool(source, ['zig']),
  );
}

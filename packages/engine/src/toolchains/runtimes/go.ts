import type { RuntimeWish } from '@nx-nixpack/plan';
import {
  isSoft,
  nearestTo,
  newest,
  noVersion,
  releases,
  type Release,
} from '../versions/choose.js';
import { compareNumbers, numbersOf, type Numbers } from '../versions/numbers.js';
import { all, anything, atLeast, prefix } from '../versions/range.js';
import { linkPrograms, NO_STEPS, unpack } from './parts.js';
import type { Runtime, RuntimeSources } from './runtime.js';

const MODULE = 'golang.org/toolchain';
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' } as const;
const ROOT = '/usr/local/go';

export const go: Runtime = {
  name: 'go',
  channel: `go: ${MODULE}`,
  verified: 'by the checksum database, as GOTOOLCHAIN does',
  license: 'BSD-3-Clause',
  wanted: (attribute) =>
    /^go(?:_(\d+)_(\d+))?$/.exec(attribute)?.slice(1).filter(Boolean).join('.') ?? undefined,

  async resolve(wish, sources) {
    const known = await goReleases(sources);
    const { version, numbers } = goRelease(wish, known);
    return {
      version: numbers.join('.'),
      archives: [await sources.archive('go', MODULE, version)],
      // The module's own line was heeded: nothing is fetched because of another.
      env: { GOTOOLCHAIN: 'local' },
      // cgo compiles with C; a program without it needs none of this in its image.
      packages: { run: [], build: ['gcc', 'libc6-dev'] },
    };
  },

  steps({ archives: [archive] }) {
    if (archive === undefined) return NO_STEPS;
    const from = `${archive.name}@${archive.version}`;
    const places = {
      from,
      to: ROOT,
      except: ['test', 'api', 'doc', 'misc', '**/testdata'],
      // A module has no modes, and none of its files may be named go.mod.
      executable: ['bin', 'pkg/tool'],
      rename: { '_go.mod': 'go.mod' },
    };
    const links = linkPrograms({ go: `${ROOT}/bin/go`, gofmt: `${ROOT}/bin/gofmt` });
    return { run: [], build: [unpack(archive, 'zip', places), links] };
  },
};

async function goReleases(sources: RuntimeSources): Promise<readonly Release[]> {
  const suffix = `.linux-${ARCHITECTURES[sources.arch]}`;
  const numbers = (version: string): Numbers | undefined =>
    version.startsWith('v0.0.1-go') && version.endsWith(suffix)
      ? numbersOf(version.slice('v0.0.1-go'.length, -suffix.length))
      : undefined;
  return releases(await sources.versions('go', MODULE), numbers);
}

/**
 * The newest patch of the minor that go.mod names, which is a minimum (https://go.dev/ref/mod#go-mod-file-go): when its
 * minor has none, the next one does. Throws UserError TOOLCHAIN_UNAVAILABLE when there is none at all.
 */
function goRelease(wish: RuntimeWish, known: readonly Release[]): Release {
  const numbers = numbersOf((wish.version ?? '').replace(/^go/, '').replace(/(?:rc|beta)\d+$/, ''));
  if (numbers === undefined) return found(newest(known, anything), wish, known);
  const minimum = atLeast(numbers);
  const same = newest(known, all([minimum, prefix(numbers.slice(0, 2))]));
  const next = known.find((release) => compareNumbers(release.numbers, numbers) >= 0);
  const later = next && newest(known, all([minimum, prefix(next.numbers.slice(0, 2))]));
  return found(
    same ?? later ?? (isSoft(wish) ? nearestTo(known, String(wish.version)) : undefined),
    wish,
    known,
  );
}

function found(
  release: Release | undefined,
  wish: RuntimeWish,
  known: readonly Release[],
): Release {
  if (release !== undefined) return release;
  throw noVersion('Go', wish, known);
}

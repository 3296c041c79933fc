import type { RuntimeWish } from '../../plan/build-plan.js';
import type { Choice, Decision } from '../../plan/explanation.js';
import { planFault, textOf } from '../../source/manifest.js';
import { buildPhase, installPhase, setupPhase } from '../../plan/phase.js';
import { linesOf, trimmed } from '../../source/plain-text.js';
import type { PlanContext, Provider } from '../provider.js';
import type { SourceTree } from '../../source/source-tree.js';
import { SWIFT_ARCHIVES, SWIFT_DEFAULT_VERSION } from './archives.js';

const MANIFEST = 'Package.swift';
const TOOLS_VERSION = 'swift-tools-version:';

export const swift: Provider = {
  name: 'swift',

  detect: (source) => source.has(MANIFEST),

  plan(source, _env, context) {
    const version = swiftVersion(source);
    const { name: program, decisions } = programOf(source, context);
    const lock = source.has('Package.resolved') ? ['Package.resolved'] : [];
    return {
      plan: {
        phases: {
          setup: setupPhase(['coreutils', 'swift', 'clang', 'zlib', 'zlib.dev'], {
            nixpkgsArchive: SWIFT_ARCHIVES.get(version.choice) ?? '',
          }),
          install: installPhase(['swift package resolve'], {
            onlyIncludeFiles: [MANIFEST, ...lock],
          }),
          build: buildPhase([
            'CC=clang++ swift build -c release --static-swift-stdlib',
            `cp ./.build/release/${program} ./${program} && rm -rf ./.build`,
          ]),
        },
        start: { cmd: `./${program}` },
      },
      hints: { runtimes: swiftWish(source) },
      decisions: [version, ...decisions],
    };
  },
};

function swiftVersion(source: SourceTree): Decision & { readonly choice: string } {
  const [because, wanted] = wantedVersion(source) ?? ['the default', SWIFT_DEFAULT_VERSION];
  const known = SWIFT_ARCHIVES.has(wanted);
  const choice = known ? wanted : SWIFT_DEFAULT_VERSION;
  return {
    subject: 'swift version',
    choice,
    because,
    ...(known ? {} : { warning: `"${wanted}" is not known` }),
  };
}

/** The tools version is what a manifest is written for: a lower bound. .swift-version names a toolchain. */
function swiftWish(source: SourceTree): readonly RuntimeWish[] {
  const [from, text = ''] = wantedVersion(source) ?? [];
  const version = /[0-9]+(?:\.[0-9]+)*/.exec(text)?.[0];
  if (from === undefined || version === undefined) return [];
  return [{ name: 'swift', version: from === MANIFEST ? `>=${version}` : version, from }];
}

function wantedVersion(
  source: SourceTree,
): readonly [because: string, version: string] | undefined {
  if (source.has('.swift-version')) {
    return ['.swift-version', trimmed(linesOf(textOf(source, '.swift-version'))[0] ?? '')];
  }
  const line = linesOf(textOf(source, MANIFEST)).find((each) => each.includes(TOOLS_VERSION));
  return line === undefined
    ? undefined
    : [MANIFEST, trimmed(line.replaceAll(TOOLS_VERSION, '').replaceAll('//', ''))];
}

interface Program {
  readonly name: string;
  readonly decisions: readonly Choice[];
}

/** `.executableTarget(name: "App"`, whatever the file with its entry is called. */
const EXECUTABLE = /\.executable(?:Target)?\(\s*name:\s*"([\w.-]+)"/;

/** The directory below `Sources` that has the first main.swift; where there is none, the extension asks the manifest. */
function programOf(source: SourceTree, { extensions = false }: PlanContext): Program {
  const main = source.files('Sources/**/main.swift').find((path) => !path.includes('.build'));
  const parts = main?.split('/') ?? [];
  const name = parts[parts.indexOf('Sources') + 1];
  if (name !== undefined) return { name, decisions: [] };
  const named = extensions ? EXECUTABLE.exec(textOf(source, MANIFEST))?.[1] : undefined;
  if (named !== undefined) return { name: named, decisions: [decided(named)] };
  throw planFault({
    message: "The Swift package doesn't have a main.swift file below Sources",
    hint: 'Add the program.',
    file: MANIFEST,
  });
}

const decided = (name: string): Choice => ({
  subject: 'start command',
  choice: `./${name}`,
  because: `executable target of ${MANIFEST}`,
  by: 'extension swift-program',
});

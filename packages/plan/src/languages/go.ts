import { baseName, parentOf } from '@nx-nixpack/base';
import type { Hints, Phase, RuntimeWish } from '../plan/build-plan.js';
import type { Decision } from '../plan/explanation.js';
import { ARCHIVES, IMAGES } from '../plan/nixpkgs-archives.js';
import { AFTER_INSTALL_AND_SETUP, buildPhase, installPhase, setupPhase } from '../plan/phase.js';
import { textOf } from '../source/manifest.js';
import { linesOf, trimmed, words } from '../source/plain-text.js';
import type { Environment, Provider } from './provider.js';
import { setting } from './environment.js';
import { pinnedFile, pinnedTool, wishOf, type Pin } from '../source/pinned-tool.js';
import type { SourceTree } from '../source/source-tree.js';

const GO_DEFAULTS = { cache: '/root/.cache/go-build', binary: 'out' } as const;

/** Packages by the word after `go` in go.mod, looked up literally. Origin: nixpacks 1.41.0 (2025). */
export const GO_VERSIONS = {
  '1.18': { package: 'go_1_18', archive: ARCHIVES.default },
  '1.19': { package: 'go_1_19', archive: ARCHIVES.default },
  '1.20': { package: 'go_1_20', archive: ARCHIVES.go120 },
  '1.21': { package: 'go_1_21', archive: ARCHIVES.go120 },
  '1.22': { package: 'go', archive: ARCHIVES.go122 },
  '1.23': { package: 'go_1_23', archive: ARCHIVES.go123 },
} as const;
export const GO_DEFAULT_VERSION = '1.22';

/** A replacement by a directory: `=> ./lib`, `=> ../lib`, `=> /lib`. */
const LOCAL_REPLACEMENT = /=>\s*["`]?\.{0,2}\//;

export const go: Provider = {
  name: 'go',

  detect: (source) => source.has('main.go') || source.has('go.mod'),

  plan(source, env) {
    const version = goVersion(source);
    const command = buildCommand(source, env);
    const cacheDirectories = [GO_DEFAULTS.cache];
    const install = source.has('go.mod')
      ? { install: installPhase(['go mod download'], { cacheDirectories }) }
      : {};
    const build = buildPhase(command.choice === undefined ? [] : [command.choice], {
      dependsOn: AFTER_INSTALL_AND_SETUP,
      cacheDirectories,
    });
    return {
      plan: {
        variables: { CGO_ENABLED: '0' },
        phases: { setup: version.setup, ...install, build },
        ...(source.files('**/*.go').length > 0 ? { start: start(env) } : {}),
      },
      hints: { ...goHints(source), runtimes: goRuntimes(source) },
      decisions: [version.decision, command],
    };
  },
};

/** The first line of go.mod that starts with `go` decides, whatever else the word may be. */
function goVersion(source: SourceTree): { readonly setup: Phase; readonly decision: Decision } {
  const lines = source.has('go.mod') ? linesOf(source.read('go.mod') ?? '') : [];
  const line = lines.find((each) => trimmed(each).startsWith('go'));
  const word = words(line ?? '')[1];
  const known = word !== undefined && Object.hasOwn(GO_VERSIONS, word);
  const version = GO_VERSIONS[known ? (word as keyof typeof GO_VERSIONS) : GO_DEFAULT_VERSION];
  const because = word === undefined ? 'the default' : `"${trimmed(line ?? '')}" in go.mod`;
  const warning =
    word === undefined || known
      ? {}
      : { warning: `only ${Object.keys(GO_VERSIONS).join(', ')} are known` };
  return {
    setup: setupPhase([version.package], { nixpkgsArchive: version.archive }),
    decision: { subject: 'go version', choice: version.package, because, ...warning },
  };
}

/** What to build, most explicit first. The order is documented in docs/languages/go.md. */
function buildCommand(source: SourceTree, env: Environment): Decision {
  const named = setting(env, 'GO_BIN');
  if (named !== undefined) return built(`./cmd/${named}`, 'NIXPACKS_GO_BIN');
  const isModule = source.has('go.mod');
  const rootFile = source.files('*.go').find((path) => !path.includes('/'));
  if (isModule && rootFile !== undefined) return built('', `${rootFile} in the root of the module`);
  if (source.isDirectory('cmd')) return builtBelowCmd(source);
  if (isModule) return built('', 'go.mod');
  return source.has('main.go')
    ? built('main.go', 'main.go')
    : built(undefined, 'nothing to build was found');
}

function builtBelowCmd(source: SourceTree): Decision {
  const directory = source.directories('cmd/*').find((path) => /(?:^|\/)cmd$/.test(parentOf(path)));
  if (directory === undefined) return built(undefined, 'the directory cmd has no directory in it');
  const name = baseName(directory);
  return built(`./cmd/${name}`, `${directory} is the first directory below cmd`);
}

const built = (what: string | undefined, because: string): Decision => ({
  subject: 'build command',
  choice: what === undefined ? undefined : `go build -o ${GO_DEFAULTS.binary} ${what}`.trimEnd(),
  because,
});

/** With cgo the program needs the libraries of the build image. */
function start(env: Environment) {
  const cmd = `./${GO_DEFAULTS.binary}`;
  return env.get('CGO_ENABLED') === '1' ? { cmd } : { cmd, runImage: IMAGES.slimRun };
}

/** Both lines are minimums; `toolchain` is never below `go`. Without a module the newest will do. */
function goRuntimes(source: SourceTree): readonly RuntimeWish[] {
  const line = (file: string): Pin | undefined => {
    const text = textOf(source, file);
    const version =
      /^toolchain\s+go(\d[\w.]*)/m.exec(text)?.[1] ?? /^go\s+(\d[\w.]*)/m.exec(text)?.[1];
    return version === undefined ? undefined : { version, from: file };
  };
  const [wish = { name: 'go' }] = wishOf(
    'go',
    line('go.work'),
    line('go.mod'),
    pinnedFile(source, '.go-version'),
    pinnedTool(source, ['golang', 'go']),
  );
  return [wish];
}

/** `go mod download` reads go.mod and go.sum, unless modules lie in the source. */
function goHints(source: SourceTree): Hints {
  const text = source.has('go.mod') ? source.read('go.mod') : undefined;
  if (text === undefined)
    return { installInputsReason: 'there is no install phase without go.mod' };
  if (source.has('go.work'))
    return { installInputsReason: 'go.work names modules that lie in the source' };
  if (LOCAL_REPLACEMENT.test(text))
    return { installInputsReason: 'go.mod replaces a module by a directory' };
  return { installInputs: ['go.mod', ...(source.has('go.sum') ? ['go.sum'] : [])] };
}

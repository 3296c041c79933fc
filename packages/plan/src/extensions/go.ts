import { baseName, compareText, parentOf } from '@nx-nixpack/base';
import type { Amended, Amendment, Question } from '../amendments/amendment.js';
import { textOf } from '../source/manifest.js';
import { readIfText } from '../source/search.js';
import type { SourceTree } from '../source/source-tree.js';

const OUTPUT = 'out';
/** Names of folders that hold the service rather than a tool beside it. */
const SERVICES = ['server', 'api', 'web', 'app', 'main', 'serve', 'service', 'httpd'] as const;
const ASIDE =
  /(?:^|\/)(?:\.[^/]*|_[^/]*|vendor|testdata|tests?|examples?|_?examples|docs?|hack|scripts?|tools?|internal\/(?:tools|cmd)|mocks?|benchmarks?)(?:\/|$)/;
/** Modules that are C inside. */
const CGO =
  /github\.com\/(?:mattn\/go-sqlite3|confluentinc\/confluent-kafka-go|h2non\/bimg|davidbyttow\/govips|marcboeker\/go-duckdb)\b/;

/** Which of several programs is built: one named like the module or like a service, and never a package without a program. */
export const goProgram: Amendment = {
  name: 'go-program',
  providers: ['go'],
  amend(question) {
    const { source, plan, env, over } = question;
    if (env.has('NIXPACKS_GO_BIN') || over.phases?.['build']?.cmds !== undefined) return undefined;
    const built = (plan.phases?.['build']?.cmds ?? [])[0];
    if (!source.has('go.mod') || isProgram(source, builtDirectory(built))) {
      if (!built?.includes('./cmd/')) return undefined;
    }
    const programs = programsOf(source);
    const chosen = likeliest(programs, moduleName(source));
    return chosen === undefined ? undefined : builds(question, chosen, programs);
  },
};

const builtDirectory = (command: string | undefined): string =>
  /^go build -o out(?: \.\/(\S+))?$/.exec(command ?? '')?.[1] ?? '';

function builds(
  { plan }: Question,
  chosen: string,
  programs: readonly string[],
): Amended | undefined {
  const choice = `go build -o ${OUTPUT} ./${chosen}`;
  const build = plan.phases?.['build'] ?? {};
  if (build.cmds?.length === 1 && build.cmds[0] === choice && programs.length === 1)
    return undefined;
  const others = programs.filter((each) => each !== chosen);
  return {
    plan: { ...plan, phases: { ...plan.phases, build: { ...build, cmds: [choice] } } },
    decisions: [
      {
        subject: 'build command',
        choice,
        because: `${chosen} has a program${others.length === 0 ? '' : ', named like the module or a service'}`,
        ...(others.length === 0
          ? {}
          : {
              guess: `${chosen} is one of several programs (${listed(programs)}): name another folder of cmd in NIXPACKS_GO_BIN, or set build_cmd`,
            }),
      },
    ],
  };
}

const listed = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} …` : names.join(', ');

/** Directories with a main package. */
function programsOf(source: SourceTree): readonly string[] {
  const found = source
    .files('**/*.go')
    .filter((path) => path.includes('/') && !ASIDE.test(path) && /^[\w./-]+$/.test(path))
    .filter((path) => !path.endsWith('_test.go') && isMain(source, path))
    .map(parentOf);
  return [...new Set(found)].sort((a, b) => depth(a) - depth(b) || compareText(a, b));
}

/** Folders below cmd come before all others. */
const depth = (path: string): number => (/^cmd\/[^/]+$/.test(path) ? 0 : path.split('/').length);

const isProgram = (source: SourceTree, directory: string): boolean =>
  source
    .files(directory === '' ? '*.go' : `${directory}/*.go`)
    .some((path) => parentOf(path) === directory && isMain(source, path));

const isMain = (source: SourceTree, path: string): boolean =>
  /^package main\b/m.test(readIfText(source, path) ?? '');

function likeliest(programs: readonly string[], name: string): string | undefined {
  const named = (wanted: string): string | undefined =>
    programs.find((path) => baseName(path) === wanted);
  return (
    [`${name}d`, `${name}-server`, name, ...SERVICES]
      .map(named)
      .find((path) => path !== undefined) ?? programs[0]
  );
}

/** The last word of the module's path: `podinfo` of `example.com/podinfo/v2`. */
const moduleName = (source: SourceTree): string =>
  baseName(
    /^module\s+"?([^\s"]+)/m.exec(textOf(source, 'go.mod'))?.[1]?.replace(/\/v\d+$/, '') ?? '',
  );

/** A module that is C inside is there in name only without cgo: it compiles, and ends when it is used. */
export const goCgo: Amendment = {
  name: 'go-cgo',
  providers: ['go'],
  amend({ source, plan, env, over }) {
    const found = CGO.exec(textOf(source, 'go.mod'))?.[0];
    if (
      found === undefined ||
      env.has('CGO_ENABLED') ||
      over.variables?.['CGO_ENABLED'] !== undefined
    )
      return undefined;
    const { setup = {} } = plan.phases ?? {};
    const { runImage: _slim, ...start } = plan.start ?? {};
    return {
      plan: {
        ...plan,
        variables: { ...plan.variables, CGO_ENABLED: '1' },
        phases: { ...plan.phases, setup: { ...setup, nixPkgs: [...(setup.nixPkgs ?? []), 'gcc'] } },
        ...(plan.start === undefined ? {} : { start }),
      },
      decisions: [
        { subject: 'CGO_ENABLED', choice: '1', because: `${found} of go.mod is C inside` },
      ],
    };
  },
};

/** Heroku puts the program on the PATH under its own name, which its Procfile then says. */
export const goProcfile: Amendment = {
  name: 'go-procfile',
  providers: ['go'],
  amend({ source, plan, over }) {
    const name = moduleName(source);
    const program = /^(?:exec )?(?:bin\/)?(\S+)/.exec(over.start?.cmd ?? '')?.[1];
    const build = plan.phases?.['build'];
    if (name === '' || program !== name || !/^[\w.-]+$/.test(name) || !build?.cmds?.length)
      return undefined;
    const link = `mkdir -p bin && ln -sf ../${OUTPUT} bin/${name}`;
    return {
      plan: {
        ...plan,
        phases: {
          ...plan.phases,
          build: {
            ...build,
            cmds: [...build.cmds, link],
            paths: [...(build.paths ?? []), '/app/bin'],
          },
        },
      },
      decisions: [
        {
          subject: 'program',
          choice: `bin/${name}`,
          because: 'the Procfile starts the program by the name of its module',
        },
      ],
    };
  },
};

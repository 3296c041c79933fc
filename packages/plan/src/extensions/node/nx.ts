import { anyValue, memberOf, parseJson, type DataNode } from '@nx-nixpack/data';
import { nxApp } from '../../languages/node/nx-app.js';
import { CADDY_PHASE, SPA_ASSETS, SPA_START } from '../../languages/node/single-page-app.js';
import { tryManifest } from '../../source/manifest.js';
import { stemOf } from '../../source/plain-text.js';
import { portOr, startExtension, type Start } from '../start.js';
import { needsStart, nodeQuestion, type NodeQuestion } from './project.js';

const PORT = 3000;
const NEXT = /^@(?:nx|nrwl)\/next:build$/;
/** Executors whose output a browser runs. */
const BROWSER =
  /^(?:@(?:nx|nrwl)\/(?:vite:build|web:|angular:|react:|rspack:)|@angular-devkit\/build-angular:|@angular\/build:)/;

/** What the target `build` of an Nx project leaves. */
export interface NxBuild {
  readonly executor: string;
  readonly outputPath: string;
  readonly main: string | undefined;
  /** Below `outputPath`: where Angular's builder leaves the files for the browser. */
  readonly browser: string | undefined;
  /** `node`, `web`: what webpack builds for. */
  readonly platform: string | undefined;
}

/**
 * Nx serves a project to its developer; an image starts what the target `build` left: a program, or files for a browser. The
 * project is the one of the root, or the application that nixpacks builds.
 */
export const nx = startExtension('nx', ['node'], (asked) => {
  const question = nodeQuestion(asked);
  const { source, env } = question;
  if (!source.has('nx.json')) return undefined;
  const app = nxApp(source, env);
  if (app === undefined && !needsStart(question)) return undefined;
  const directory = app === undefined ? '' : `apps/${app.name}`;
  if (app?.project.targets.start !== undefined) return undefined;
  const build = nxBuild(
    tryManifest(source, joined(directory, 'project.json'), parseJson, anyValue),
    directory,
  );
  return build && nxStart(question, build);
});

const joined = (directory: string, file: string): string =>
  directory === '' ? file : `${directory}/${file}`;

/** Undefined when project.json says nothing of what its build leaves. */
export function nxBuild(project: DataNode | undefined, directory: string): NxBuild | undefined {
  const build = memberOf(memberOf(project, 'targets'), 'build');
  const executor = wordIn(memberOf(build, 'executor'));
  if (executor === undefined) return undefined;
  const options = memberOf(build, 'options');
  const path = memberOf(options, 'outputPath');
  const written = wordIn(path) ?? wordIn(memberOf(path, 'base'));
  const name = wordIn(memberOf(project, 'name'));
  return {
    executor,
    outputPath: placed(written, directory) ?? `dist/${directory === '' ? (name ?? '') : directory}`,
    browser: wordIn(memberOf(path, 'browser')),
    main: wordIn(memberOf(options, 'main')) ?? wordIn(memberOf(options, 'entry')),
    platform: wordIn(memberOf(options, 'target')) ?? wordIn(memberOf(options, 'platform')),
  };
}

const wordIn = (node: DataNode | undefined): string | undefined =>
  node?.kind === 'text' ? String(node.value) : undefined;

const placed = (path: string | undefined, directory: string): string | undefined =>
  path
    ?.replace('{workspaceRoot}/', '')
    .replace('{projectRoot}', directory === '' ? '.' : directory)
    .replace(/^\.\//, '');

export function nxStart(
  { plan, hints }: Pick<NodeQuestion, 'plan' | 'hints'>,
  build: NxBuild,
): Start | undefined {
  const { executor, outputPath, main } = build;
  if (!/^[\w][\w./-]*$/.test(outputPath)) return undefined;
  if (NEXT.test(executor))
    return {
      cmd: `next start ${outputPath} -H 0.0.0.0 -p ${portOr(PORT)}`,
      because: `target "build" makes a Next application in ${outputPath}`,
      port: PORT,
    };
  if (isBrowser(build)) return page({ plan, hints }, build);
  if (main === undefined) return undefined;
  const file = `${outputPath}/${stemOf(main)}.js`;
  return {
    cmd: `node ${file}`,
    because: `target "build" (${executor}) leaves ${file}`,
    port: PORT,
  };
}

const isBrowser = ({ executor, platform }: NxBuild): boolean =>
  platform === 'web' ||
  (BROWSER.test(executor) && platform !== 'node') ||
  (executor.endsWith('/webpack:webpack') && platform === undefined);

function page({ plan, hints }: Pick<NodeQuestion, 'plan' | 'hints'>, build: NxBuild): Start {
  const { executor, outputPath, browser } = build;
  const below = browser ?? (executor.endsWith(':application') ? 'browser' : '');
  const output = below === '' ? outputPath : `${outputPath}/${below}`;
  return {
    cmd: SPA_START,
    because: `target "build" (${executor}) leaves files for a browser in ${output}, and caddy serves them`,
    port: PORT,
    plan: {
      ...plan,
      variables: { ...plan.variables, NIXPACKS_SPA_OUTPUT_DIR: output },
      staticAssets: { ...plan.staticAssets, ...SPA_ASSETS },
      phases: { ...plan.phases, caddy: CADDY_PHASE },
    },
    hints,
  };
}

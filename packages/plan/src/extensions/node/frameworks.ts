import { readIfText } from '../../source/search.js';
import { portOr, startExtension, type Start } from '../start.js';
import { nextOutput } from './static-output.js';
import { needsStart, nodeQuestion, type NodeQuestion } from './project.js';

const PORT = 3000;

/** A framework whose build leaves a server. */
interface Framework {
  readonly name: string;
  /** Its distributions; one of them is enough. */
  readonly dependencies: readonly string[];
  start(question: NodeQuestion): Start | undefined;
  /** For a script that starts the server where nobody outside hears it. */
  heard?(question: NodeQuestion): Start | undefined;
}

const FRAMEWORKS: readonly Framework[] = [
  {
    name: 'nuxt',
    dependencies: ['nuxt', 'nuxt3', 'nuxt-edge'],
    start: (question) =>
      isOldNuxt(question)
        ? { cmd: `HOST=0.0.0.0 PORT=${portOr(PORT)} nuxt start`, because: 'nuxt 2', port: PORT }
        : nitro('nuxt'),
  },
  { name: 'solid-start', dependencies: ['@solidjs/start'], start: () => nitro('@solidjs/start') },
  {
    name: 'analog',
    dependencies: ['@analogjs/platform'],
    start: () => node('dist/analog/server/index.mjs', '@analogjs/platform'),
  },
  {
    name: 'react-router',
    dependencies: ['@react-router/serve'],
    start: () => serve('react-router-serve ./build/server/index.js', '@react-router/serve'),
  },
  {
    name: 'remix',
    dependencies: ['@remix-run/serve'],
    start: ({ has }) =>
      serve(
        `remix-serve ${has('vite') ? './build/server/index.js' : './build/index.js'}`,
        '@remix-run/serve',
      ),
  },
  {
    name: 'sveltekit',
    dependencies: ['@sveltejs/kit'],
    start: ({ has }) =>
      has('@sveltejs/adapter-node') ? node('build', '@sveltejs/adapter-node') : sveltePreview(),
  },
  {
    name: 'astro',
    dependencies: ['@astrojs/node'],
    start: () => {
      const { cmd, because } = node('./dist/server/entry.mjs', '@astrojs/node');
      return { cmd: `HOST=0.0.0.0 PORT=${portOr(PORT)} ${cmd}`, because, port: PORT };
    },
    heard: ({ plan, starts }) =>
      starts.some(([program, file]) => program === 'node' && /server\/entry\.mjs$/.test(file ?? ''))
        ? {
            cmd: `HOST=0.0.0.0 ${plan.start?.cmd ?? ''}`,
            because: '@astrojs/node listens on localhost unless HOST says otherwise',
          }
        : undefined,
  },
  {
    name: 'angular-ssr',
    dependencies: ['@angular/ssr'],
    start: ({ source }) => {
      const name = /"projects":\s*\{\s*"([\w.-]+)"/.exec(
        readIfText(source, 'angular.json') ?? '',
      )?.[1];
      return name === undefined
        ? undefined
        : node(`dist/${name}/server/server.mjs`, '@angular/ssr');
    },
  },
];

/** Servers that the build of a framework leaves, where nixpacks finds no start or the one for developers. */
export const nodeFrameworks = FRAMEWORKS.map((framework) =>
  startExtension(framework.name, ['node'], (asked) => {
    const question = nodeQuestion(asked);
    if (!framework.dependencies.some(question.has)) return undefined;
    return needsStart(question) ? framework.start(question) : framework.heard?.(question);
  }),
);

/** `next start` serves what `next build` made; a standalone build brings a server of its own. */
export const next = startExtension('next', ['node'], (asked) => {
  const question = nodeQuestion(asked);
  if (!question.has('next') || !needsStart(question) || nextOutput(question)) return undefined;
  return {
    cmd: `next start -H 0.0.0.0 -p ${portOr(PORT)}`,
    because: 'next is among the dependencies',
    port: PORT,
  };
});

const node = (file: string, because: string): Start => ({
  cmd: `node ${file}`,
  because: `${because} leaves a server in ${file}`,
  port: PORT,
});

const nitro = (because: string): Start => node('.output/server/index.mjs', because);

const serve = (cmd: string, because: string): Start => ({
  cmd,
  because: `${because} is among the dependencies`,
  port: PORT,
});

const sveltePreview = (): Start => ({
  cmd: `vite preview --host 0.0.0.0 --port ${portOr(PORT)}`,
  because: 'SvelteKit without @sveltejs/adapter-node',
  guess:
    "No adapter for Node is among the dependencies, so Vite's preview serves SvelteKit's build: use @sveltejs/adapter-node, or set start_cmd",
  port: PORT,
});

const isOldNuxt = ({ manifest }: NodeQuestion): boolean =>
  /^[\^~]?2\b/.test(
    manifest.dependencies?.get('nuxt') ?? manifest.devDependencies?.get('nuxt') ?? '',
  );

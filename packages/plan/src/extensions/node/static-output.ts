import { anyValue, memberOf, parseJson, type DataNode } from '@nx-nixpack/data';
import { outputDirectory } from '../../languages/node/single-page-app.js';
import { tryManifest } from '../../source/manifest.js';
import { readIfText } from '../../source/search.js';
import type { SourceTree } from '../../source/source-tree.js';
import type { NodeQuestion } from './project.js';

/** A tool that leaves files for any web server. */
export interface StaticTool {
  readonly title: string;
  /** Its distribution. */
  readonly dependency: string;
  /** Its command, when package.json has no script "build". */
  readonly build: string;
  /** Every address that is no file is the application's own. */
  readonly singlePage: boolean;
  /** Where it puts its files; undefined when it makes a server instead. */
  output(question: NodeQuestion): string | undefined;
}

const fixed = (directory: string) => (): string => directory;

/** The first that a source depends on. */
export const STATIC_TOOLS: readonly StaticTool[] = [
  {
    title: 'Next',
    dependency: 'next',
    build: 'next build',
    singlePage: false,
    output: nextOutput,
  },
  {
    title: 'Angular',
    dependency: '@angular/core',
    build: 'ng build',
    singlePage: true,
    output: angularOutput,
  },
  {
    title: 'Create React App',
    dependency: 'react-scripts',
    build: 'react-scripts build',
    singlePage: true,
    output: fixed('build'),
  },
  {
    title: 'Vue CLI',
    dependency: '@vue/cli-service',
    build: 'vue-cli-service build',
    singlePage: true,
    output: vueOutput,
  },
  {
    title: 'Gatsby',
    dependency: 'gatsby',
    build: 'gatsby build',
    singlePage: false,
    output: fixed('public'),
  },
  {
    title: 'Docusaurus',
    dependency: '@docusaurus/core',
    build: 'docusaurus build',
    singlePage: false,
    output: fixed('build'),
  },
  {
    title: 'Astro',
    dependency: 'astro',
    build: 'astro build',
    singlePage: false,
    output: astroOutput,
  },
  {
    title: 'SvelteKit',
    dependency: '@sveltejs/adapter-static',
    build: 'vite build',
    singlePage: false,
    output: fixed('build'),
  },
  {
    title: 'Eleventy',
    dependency: '@11ty/eleventy',
    build: 'eleventy',
    singlePage: false,
    output: fixed('_site'),
  },
  {
    title: 'VitePress',
    dependency: 'vitepress',
    build: 'vitepress build docs',
    singlePage: false,
    output: vitepressOutput,
  },
  {
    title: 'Hexo',
    dependency: 'hexo',
    build: 'hexo generate',
    singlePage: false,
    output: fixed('public'),
  },
  {
    title: 'Ember',
    dependency: 'ember-cli',
    build: 'ember build',
    singlePage: true,
    output: fixed('dist'),
  },
  {
    title: 'Parcel',
    dependency: 'parcel',
    build: 'parcel build',
    singlePage: true,
    output: fixed('dist'),
  },
  { title: 'Vite', dependency: 'vite', build: 'vite build', singlePage: true, output: viteOutput },
];

/** Of the default project, or of the first that is an application. A project with a server renders there. */
function angularOutput({ source }: NodeQuestion): string | undefined {
  const workspace = tryManifest(source, 'angular.json', parseJson, anyValue);
  const projects = memberOf(workspace, 'projects');
  if (projects?.kind !== 'map') return undefined;
  const wanted = wordIn(memberOf(workspace, 'defaultProject'));
  const applications = projects.entries.filter(({ value }) => buildOf(value) !== undefined);
  const chosen = applications.find(({ key }) => key === wanted) ?? applications[0];
  return chosen && angularDirectory(chosen.key, buildOf(chosen.value));
}

function angularDirectory(name: string, build: DataNode | undefined): string | undefined {
  const options = memberOf(build, 'options');
  const ssr = memberOf(options, 'ssr') ?? memberOf(options, 'server');
  if (ssr?.kind === 'map' || ssr?.kind === 'text') return undefined;
  const path = memberOf(options, 'outputPath');
  const base = wordIn(path) ?? wordIn(memberOf(path, 'base')) ?? `dist/${name}`;
  const browser = wordIn(memberOf(path, 'browser'));
  const isApplication = wordIn(memberOf(build, 'builder'))?.endsWith(':application') === true;
  if (!isApplication) return base;
  return browser === '' ? base : `${base}/${browser ?? 'browser'}`;
}

const buildOf = (project: DataNode): DataNode | undefined =>
  memberOf(memberOf(project, 'architect') ?? memberOf(project, 'targets'), 'build');

const wordIn = (node: DataNode | undefined): string | undefined =>
  node?.kind === 'text' ? String(node.value) : undefined;

function vueOutput({ source }: NodeQuestion): string {
  const config = textIn(source, ['vue.config.js', 'vue.config.cjs', 'vue.config.ts']);
  return /outputDir: *['"`]([\w./-]+)['"`]/.exec(config)?.[1] ?? 'dist';
}

/** Only where the configuration says that there is no server: `next start` refuses to serve what was exported. */
export function nextOutput({ source, has }: NodeQuestion): string | undefined {
  const files = ['next.config.js', 'next.config.mjs', 'next.config.ts'];
  const isExported = /^\s*output: *['"`]export['"`]/m.test(textIn(source, files));
  return has('next') && isExported ? 'out' : undefined;
}

function astroOutput({ source, has }: NodeQuestion): string | undefined {
  const config = textIn(source, ['astro.config.mjs', 'astro.config.ts', 'astro.config.js']);
  if (/output: *['"`](?:server|hybrid)['"`]/.test(config) || has('@astrojs/node')) return undefined;
  return /outDir: *['"`]\.?\/?([\w./-]+?)\/?['"`]/.exec(config)?.[1] ?? 'dist';
}

function vitepressOutput({ source }: NodeQuestion): string | undefined {
  const [config] = source.files('**/.vitepress/config.{js,ts,mts,mjs}');
  if (config === undefined) return undefined;
  return config.replace(/config\.\w+$/, 'dist');
}

/** Not where Vite is part of a framework that makes a server. */
function viteOutput({ source, env, manifest, has }: NodeQuestion): string | undefined {
  const servers = [
    '@sveltejs/kit',
    '@remix-run/node',
    '@react-router/node',
    '@solidjs/start',
    '@tanstack/react-start',
    'vike',
    'nuxt',
    'express',
    'fastify',
    'koa',
    'hono',
    '@nestjs/core',
  ];
  if (servers.some(has)) return undefined;
  const hasPage = source.has('index.html') || source.files('*.html').length > 0;
  return hasPage ? outputDirectory(source, env, manifest) : undefined;
}

const textIn = (source: SourceTree, files: readonly string[]): string =>
  files.map((file) => (source.has(file) ? (readIfText(source, file) ?? '') : '')).join('\n');

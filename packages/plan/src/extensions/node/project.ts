import {
  lenientPackageJson,
  dependsOn,
  type PackageJson,
} from '../../languages/node/package-json.js';
import {
  bunManager,
  packageManager,
  type PackageManager,
} from '../../languages/node/package-manager.js';
import type { Question } from '../../amendments/amendment.js';
import { bunSign } from './bun-sign.js';
import { commandsOf, type Command } from './scripts.js';

/** What extensions for Node look at. */
export interface NodeQuestion extends Question {
  readonly manifest: PackageJson;
  readonly manager: PackageManager;
  /** What nixpacks' start command comes down to. */
  readonly starts: readonly Command[];
  has(dependency: string): boolean;
}

export function nodeQuestion(question: Question): NodeQuestion {
  const { source, plan } = question;
  const manifest = lenientPackageJson(source);
  return {
    ...question,
    manifest,
    manager:
      bunSign(source, manifest) === undefined ? packageManager(source, manifest) : bunManager,
    starts: commandsOf(manifest, plan.start?.cmd ?? ''),
    has: (dependency) => dependsOn(manifest, dependency),
  };
}

/** Programs that serve a project to its developer, by the words that follow; an empty word stands for none. */
const DEVELOPMENT: ReadonlyMap<string, readonly string[]> = new Map([
  ['ng', ['serve', 's']],
  ['nx', ['serve', 'dev', 'preview']],
  ['react-scripts', ['start']],
  ['react-app-rewired', ['start']],
  ['craco', ['start']],
  ['vue-cli-service', ['serve']],
  ['vite', ['', 'dev', 'serve', 'preview']],
  ['gatsby', ['develop', 'serve']],
  ['docusaurus', ['start', 'serve']],
  ['vitepress', ['', 'dev', 'preview', 'serve']],
  ['vuepress', ['dev']],
  ['astro', ['dev', 'preview', 'start']],
  ['webpack', ['serve']],
  ['webpack-dev-server', ['']],
  ['parcel', ['', 'serve', 'watch']],
  ['snowpack', ['dev']],
  ['ember', ['serve', 's', 'server']],
  ['eleventy', ['--serve']],
  ['next', ['', 'dev']],
  ['nuxt', ['', 'dev', 'preview', 'start']],
  ['nuxi', ['', 'dev', 'preview', 'start']],
  ['nest', ['start']],
  ['remix', ['dev', 'vite:dev']],
  ['react-router', ['dev']],
  ['nodemon', ['']],
  ['ts-node-dev', ['']],
  ['wrangler', ['dev']],
]);

/** Whether a command is a server for developers, and none for an image. */
export function isDevelopment([program = '', ...rest]: Command): boolean {
  const words = DEVELOPMENT.get(program.replace(/^.*\/node_modules\/\.bin\//, ''));
  if (words === undefined) return false;
  const given = rest.filter((word) => !word.startsWith('-') || words.includes(word));
  if (words.includes('') && words.length === 1) return true;
  return words.includes(given[0] ?? '') || (words.includes('') && /[./]/.test(given[0] ?? ''));
}

/** Whether nixpacks found no way to start, or one that only suits a developer. */
export const needsStart = ({ plan, starts }: NodeQuestion): boolean =>
  plan.start?.cmd === undefined || starts.some(isDevelopment);

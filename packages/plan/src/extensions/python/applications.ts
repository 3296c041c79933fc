import type { Question } from '../../amendments/amendment.js';
import { isPlain, modules, type Module } from './modules.js';

/** Where a web application is: an object, or a function that makes one. */
export interface Application {
  readonly module: Module;
  readonly name: string;
  readonly isFactory: boolean;
}

const MAKER = '(?:create|make|build|get|init)_(?:app|application)';
const ASSIGNED = '^(\\w+)(?: *: *[\\w.\\[\\]]+)? *= *';
const MADE_BY_FACTORY = new RegExp(`${ASSIGNED}(?:\\w+\\.)*${MAKER}\\(`, 'm');
const FACTORY = new RegExp(`^(?:async )?def (${MAKER})\\(([^)]*)\\)`, 'm');
/** What a module that is named after its interface imports for its server. */
const HANDED_ON = /^from [\w.]+ import (?:.*\b)?(app|application)$/m;

/** A pattern for `app = Class(`, at the start of a line. */
export const made = (...classes: readonly string[]): RegExp =>
  new RegExp(`${ASSIGNED}(?:\\w+\\.)*(?:${classes.join('|')})\\(`, 'm');

/** The application: made in a module, by a function that is called in one, handed on by wsgi.py, or made by a function that a server may call. */
export function applicationOf({ source }: Question, byClass: RegExp): Application | undefined {
  const candidates = modules(source).filter(isPlain);
  const gateways = candidates.filter(({ path }) => /(?:^|\/)[aw]sgi\.py$/.test(path));
  return (
    named(gateways, HANDED_ON) ??
    named(candidates, byClass) ??
    (candidates.some(({ text }) => classIn(byClass).test(text))
      ? (named(candidates, MADE_BY_FACTORY) ?? factory(candidates))
      : undefined)
  );
}

/** The same class, wherever it is called. */
const classIn = ({ source }: RegExp): RegExp => new RegExp(source.slice(ASSIGNED.length));

function named(candidates: readonly Module[], pattern: RegExp): Application | undefined {
  for (const module of candidates) {
    const name = pattern.exec(module.text)?.[1];
    if (name !== undefined) return { module, name, isFactory: false };
  }
  return undefined;
}

function factory(candidates: readonly Module[]): Application | undefined {
  for (const module of candidates) {
    const [, name, parameters] = FACTORY.exec(module.text) ?? [];
    if (name !== undefined && mayBeLeftOut(parameters ?? ''))
      return { module, name, isFactory: true };
  }
  return undefined;
}

/** Whether a function can be called without arguments. */
const mayBeLeftOut = (parameters: string): boolean =>
  parameters
    .split(',')
    .map((each) => each.trim())
    .every((each) => each === '' || each.includes('=') || each.startsWith('*'));

/**
 * Whether nixpacks' answer is good enough: `python main.py` is when the file asks for its port; a name that pyproject.toml gives the
 * project is none for a web application.
 */
export function startsWell({ source, plan }: Question): boolean {
  const cmd = plan.start?.cmd;
  if (cmd === undefined) return false;
  if (cmd === 'python main.py') return /['"]PORT['"]/.test(source.read('main.py') ?? '');
  return !cmd.startsWith('python -m ');
}
